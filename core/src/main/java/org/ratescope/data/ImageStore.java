package org.ratescope.data;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ratescope.file.FolderLock;
import org.ratescope.file.WholeFile;
import org.ratescope.study.DataSpec;

/**
 * A cache folder of image files. Each data set has a sub-folder, named by a hash of its canonical
 * text and its source's version, with {@code images.f32} (little-endian float32, {@code [count,
 * dimensions]}) and {@code meta.json} (checksums). Images are built once with all cores, verified
 * at every opening, and built again when anything is missing or changed.
 */
public final class ImageStore {
  private static final String IMAGES = "images.f32";
  private static final String META = "meta.json";

  private final Path root;

  private ImageStore(Path root) {
    this.root = root;
  }

  /** The store in that folder, which is created when something is first built. */
  public static ImageStore at(Path root) {
    return new ImageStore(root);
  }

  /** The folder that holds, or will hold, a data set's files. */
  public Path folder(DataSpec spec) {
    return folder(ImageSource.of(spec));
  }

  Path folder(ImageSource source) {
    String text = source.spec().text();
    String key = Sha256.ofText("version %d of %s".formatted(source.version(), text));
    return root.resolve(source.spec().name() + "-" + key.substring(0, 16));
  }

  /**
   * The images of a data set, verified; built first if they are not there or damaged. Safe to call
   * from several threads and processes at once.
   *
   * @throws IOException if the folder cannot be written, or lacks space: the message says how much
   *     is needed, and where
   */
  public ImageSet open(DataSpec spec, BuildListener listener) throws IOException {
    return open(ImageSource.of(spec), listener);
  }

  ImageSet open(ImageSource source, BuildListener listener) throws IOException {
    Path folder = folder(source);
    try {
      return kept(source, folder);
    } catch (IOException notKept) {
      rethrowInterruption(notKept);
      Files.createDirectories(folder);
      Runnable waiting =
          () -> listener.built(what(source.spec()) + ", by another process", 0, source.size());
      try (FolderLock lock = FolderLock.take(folder, waiting)) {
        return keptOrBuilt(source, folder, lock, listener);
      }
    }
  }

  private static String what(DataSpec spec) {
    return "images of " + spec.text();
  }

  private static ImageSet kept(ImageSource source, Path folder) throws IOException {
    StoreMeta meta = StoreMeta.read(Files.readAllBytes(folder.resolve(META)));
    ImageFile.verify(source, folder.resolve(IMAGES), meta);
    return ImageSet.map(source, folder.resolve(IMAGES), meta.sha256());
  }

  /** Looks again, since another builder may have just finished, then builds. */
  private static ImageSet keptOrBuilt(
      ImageSource source, Path folder, FolderLock lock, BuildListener listener) throws IOException {
    boolean first = !Files.exists(folder.resolve(META)) && !Files.exists(folder.resolve(IMAGES));
    try {
      return kept(source, folder);
    } catch (IOException reason) {
      rethrowInterruption(reason);
      String what = what(source.spec());
      return build(
          source, folder, lock, first ? what : what + ", again: " + text(reason), listener);
    }
  }

  /** A reader that was interrupted has not found damage. */
  private static void rethrowInterruption(IOException e) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw e;
    }
  }

  private static String text(IOException reason) {
    return reason instanceof DamagedImages
        ? String.valueOf(reason.getMessage())
        : "cannot read " + reason.getMessage();
  }

  private static ImageSet build(
      ImageSource source, Path folder, FolderLock lock, String what, BuildListener listener)
      throws IOException {
    Files.deleteIfExists(folder.resolve(META));
    Files.deleteIfExists(folder.resolve(IMAGES));
    if (lock.exclusive()) {
      deleteLeftovers(folder);
    }
    requireSpace(folder, StoreMeta.bytes(source), Files.getFileStore(folder).getUsableSpace());
    Path part = WholeFile.part(folder.resolve(IMAGES));
    try {
      StoreMeta meta = ImageFile.write(source, part, what, listener);
      WholeFile.moveIntoPlace(part, folder.resolve(IMAGES));
      WholeFile.write(folder.resolve(META), meta.json());
      return ImageSet.map(source, folder.resolve(IMAGES), meta.sha256());
    } catch (IOException e) {
      throw new IOException(
          "%s in %s could not be built, which takes %s: %s"
              .formatted(IMAGES, folder, size(StoreMeta.bytes(source)), e.getMessage()),
          e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Deletes what builders that were killed left behind. */
  private static void deleteLeftovers(Path folder) throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + WholeFile.PART)) {
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    }
  }

  static void requireSpace(Path folder, long needed, long usable) throws IOException {
    if (!(usable >= needed)) {
      throw new IOException(
          "not enough disk space for %s: needed %s in %s, free %s"
              .formatted(IMAGES, size(needed), folder, size(usable)));
    }
  }

  private static String size(long bytes) {
    return "%d MiB (%d bytes)".formatted(Math.ceilDiv(bytes, 1 << 20), bytes);
  }
}
