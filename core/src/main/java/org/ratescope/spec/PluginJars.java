package org.ratescope.spec;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Jars of the user's parts. Their classes stay loaded until the process ends; opening the same jars
 * again gives the same classes. Their code runs with all rights of this process: open only jars
 * that the user has named.
 */
public final class PluginJars {
  private static final Map<List<Path>, PluginJars> OPENED = new ConcurrentHashMap<>();

  private final Path path;
  private final URLClassLoader loader;
  private final boolean addsKinds;

  private PluginJars(Path path, URLClassLoader loader) throws IOException {
    this.path = path;
    this.loader = loader;
    this.addsKinds = addKinds();
  }

  /**
   * Opens a jar, or all jars of a folder, which see each other's classes. From then on studies and
   * records may name their architectures, likelihoods and priors.
   *
   * @throws IOException if there is none, or one cannot be used; the message names it
   */
  public static synchronized PluginJars open(Path path) throws IOException {
    List<Path> jars = new ArrayList<>();
    List<URL> addresses = new ArrayList<>();
    for (Path jar : jars(path)) {
      jars.add(jar.toRealPath());
      addresses.add(jar.toUri().toURL());
    }
    PluginJars opened = OPENED.get(jars);
    if (opened == null) {
      ClassLoader parent = PluginJars.class.getClassLoader();
      opened = new PluginJars(path, new URLClassLoader(addresses.toArray(URL[]::new), parent));
      OPENED.put(List.copyOf(jars), opened);
    }
    return opened;
  }

  /** Whether they have an architecture or a likelihood. */
  public boolean addsKinds() {
    return addsKinds;
  }

  /**
   * What these jars list as implementations of an interface, one new object of each.
   *
   * @throws IOException if one cannot be made; the message names the jars
   */
  public <T> List<T> list(Class<T> part) throws IOException {
    try {
      return ServiceLoader.load(part, loader).stream()
          .filter(provider -> loader.equals(provider.type().getClassLoader()))
          .map(ServiceLoader.Provider::get)
          .toList();
    } catch (ServiceConfigurationError | LinkageError e) {
      throw unusable(path, String.valueOf(e.getMessage()), e);
    }
  }

  private boolean addKinds() throws IOException {
    boolean any = false;
    for (Kinds.Part<?> part : Kinds.PARTS) {
      any |= addAll(part);
    }
    return any;
  }

  private <T> boolean addAll(Kinds.Part<T> part) throws IOException {
    List<T> found = list(part.type());
    for (T kind : found) {
      try {
        Kinds.add(part, kind);
      } catch (RuntimeException | LinkageError e) {
        throw unusable(kind, e);
      }
    }
    return !found.isEmpty();
  }

  /** An error about a part of these jars; it names the part's jar. */
  public IOException unusable(Object part, Throwable reason) {
    return unusable(jar(part), String.valueOf(reason.getMessage()), reason);
  }

  /** An error about all of these jars. */
  public IOException unusable(String reason) {
    return unusable(path, reason, null);
  }

  private static IOException unusable(Path jar, String reason, @Nullable Throwable cause) {
    return new IOException("plug-in %s cannot be used: %s".formatted(jar, reason), cause);
  }

  private Path jar(Object part) {
    CodeSource source = part.getClass().getProtectionDomain().getCodeSource();
    try {
      return source == null ? path : Path.of(source.getLocation().toURI());
    } catch (URISyntaxException | IllegalArgumentException e) {
      return path;
    }
  }

  /** The jars of a path, sorted by name; each is a readable zip file. */
  private static List<Path> jars(Path path) throws IOException {
    List<Path> jars = new ArrayList<>();
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, "*.jar")) {
        entries.forEach(jars::add);
      }
      Collections.sort(jars);
    } else if (Files.exists(path)) {
      jars.add(path);
    }
    if (jars.isEmpty()) {
      throw unusable(path, "there is no such file, and no folder with files *.jar", null);
    }
    for (Path jar : jars) {
      try (ZipFile opened = new ZipFile(jar.toFile())) {
        opened.entries();
      } catch (IOException e) {
        throw unusable(jar, "it is not a jar file", e);
      }
    }
    return jars;
  }
}
