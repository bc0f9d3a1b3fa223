package org.ratescope.figure;

import com.caoccao.javet.enums.JSRuntimeType;
import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.loader.IJavetLibLoadingListener;
import com.caoccao.javet.interop.loader.JavetLibLoader;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.ratescope.io.NativeLibraryException;
import org.ratescope.io.UnpackedLibraries;

/**
 * The native library of V8. It is unpacked as libtorch is ({@link UnpackedLibraries}): Javet's own
 * loader would unpack it to the folder for temporary files, where others may write.
 */
final class V8Library {
  private static final String NAME = "V8, the JavaScript engine,";

  private V8Library() {}

  /**
   * A new runtime of V8, without functions for files or the network.
   *
   * @throws NativeLibraryException if V8 cannot be unpacked or loaded, or if this release has none
   *     for this platform
   */
  static V8Runtime runtime() throws JavetException {
    JavetLibLoader loader = new JavetLibLoader(JSRuntimeType.V8);
    UnpackedLibraries libraries = UnpackedLibraries.of(List.of(jar(loader.getResourceFileName())));
    try {
      libraries.load(() -> load(libraries.folder(), loader));
    } catch (IOException | LinkageError e) {
      throw NativeLibraryException.of(NAME, libraries.folder(), e);
    }
    return V8Host.getV8Instance().createV8Runtime();
  }

  /** The root of the jar that contains the library. */
  private static URL jar(String library) {
    URL file = V8Library.class.getResource(library);
    if (file == null) {
      throw new NativeLibraryException(
          "%s is not part of this release for %s on %s, so it draws no figures"
              .formatted(NAME, System.getProperty("os.name"), System.getProperty("os.arch")),
          null);
    }
    String place = file.toString();
    try {
      return URI.create(place.substring(0, place.lastIndexOf("!/") + 2)).toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void load(Path folder, JavetLibLoader loader) {
    try {
      Path file = file(folder, loader.getLibFileName());
      JavetLibLoader.setLibLoadingListener(
          new IJavetLibLoadingListener() {
            @Override
            public File getLibPath(JSRuntimeType type) {
              return Objects.requireNonNull(file.getParent()).toFile();
            }

            @Override
            public boolean isDeploy(JSRuntimeType type) {
              return false;
            }
          });
      V8Host host = V8Host.getV8Instance();
      if (!host.isLibraryLoaded()) {
        throw new LinkageError("loading failed", host.getLastException());
      }
    } catch (JavetException | IOException e) {
      throw new LinkageError("loading failed", e);
    }
  }

  private static Path file(Path folder, String name) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }
}
