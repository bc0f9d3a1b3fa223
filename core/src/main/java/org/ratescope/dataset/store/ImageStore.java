package org.ratescope.dataset.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ratescope.dataset.DamagedImages;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.io.AtomicFile;
import org.ratescope.io.FolderLock;
import org.ratescope.io.Sha256;
import org.ratescope.spec.data.DataSpec;

/**
 * A cache folder of image files. Each data set has a sub-folder, named by a hash of its canonical
 * text and its source's version, with {@code images.f32} or {@code images.u8} ({@code [count,
 * dimensions]} little-endian float32 values or bytes) and {@code meta.json} (checksums). Images are
 * built once on all cores, verified at every opening, and built again if anything is missing or has
 * changed.
 */
public final class ImageStore {
  private static final String META = "meta.json";

  private final Path root;

  private ImageStore(Path root) {
    this.root = root;
  }

  /** The store in that folder, which is created when the first images are built. */
  public static ImageStore at(Path root) {
    return new ImageStore(root);
  }

  /** The folder of a data set's files, which may not exist yet. */
  public Path folder(ImageSource source) {
    String place = source.origin().place();
    String text = source.spec().text() + (place.isEmpty() ? "" : " at " + place);
    String key = Sha256.ofText("version %s of %s".formatted(source.version(), text));
    return root.resolve(source.spec().name() + "-" + key.substring(0, 16));
  }

  /**
   * The verified images of a data set; builds them first if they are missing or damaged. Safe to
   * call from several threads and processes at once.
   *
   * @throws IOException if the source's files are damaged, or the folder is not writable or has no
   *     space; the message names the fault and its location
   */
  public ImageSet open(ImageSource source, BuildListener listener) throws IOException {
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

  /**
   * SHA-256 of the cached images of a data set. Empty if they are not cached, or were built from
   * other files. Reads no image.
   */
  public Optional<String> sha256(ImageSource source) {
    Path folder = folder(source);
    try {
      StoreMeta meta = StoreMeta.read(Files.readAllBytes(folder.resolve(META)));
      boolean same =
          StoreMeta.of(source, meta.sha256(), meta.crc32c()).equals(meta)
              && Files.size(images(source, folder)) == StoreMeta.bytes(source);
      return same ? Optional.of(meta.sha256()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Checks, on all cores, that mapped images still are what they were when they were opened. Reads
   * the mapped memory: if another process has replaced the file meanwhile, these images are still
   * those of the old file.
   *
   * @throws DamagedImages naming the first chunk that has changed
   */
  public static void requireUnchanged(ImageSet images) throws DamagedImages {
    ImageFile.verify(images);
  }

  private static Path images(ImageSource source, Path folder) {
    return folder.resolve(source.pixels().fileName());
  }

  private static String what(DataSpec spec) {
    return "images of " + spec.text();
  }

  private static ImageSet kept(ImageSource source, Path folder) throws IOException {
    StoreMeta meta = StoreMeta.read(Files.readAllBytes(folder.resolve(META)));
    ImageFile.verify(source, images(source, folder), meta);
    return ImageSet.map(source, images(source, folder), meta.sha256(), meta.crc32c());
  }

  /** Checks again, since another process may have just finished, then builds. */
  private static ImageSet keptOrBuilt(
      ImageSource source, Path folder, FolderLock lock, BuildListener listener) throws IOException {
    boolean first = !Files.exists(folder.resolve(META)) && !Files.exists(images(source, folder));
    try {
      return kept(source, folder);
    } catch (IOException reason) {
      rethrowInterruption(reason);
      String what = what(source.spec());
      return build(
          source, folder, lock, first ? what : what + ", again: " + text(reason), listener);
    }
  }

  /** If a thread was interrupted while reading, this is not damage. */
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
    Files.deleteIfExists(images(source, folder));
    if (lock.exclusive()) {
      deleteLeftovers(folder);
    }
    requireSpace(
        images(source, folder),
        StoreMeta.bytes(source),
        Files.getFileStore(folder).getUsableSpace());
    Path part = AtomicFile.part(images(source, folder));
    try {
      StoreMeta meta = ImageFile.write(source, part, what, listener);
      AtomicFile.moveIntoPlace(part, images(source, folder));
      AtomicFile.write(folder.resolve(META), meta.json());
      return ImageSet.map(source, images(source, folder), meta.sha256(), meta.crc32c());
    } catch (FormatException e) {
      throw e; // the message names the file that the user must repair
    } catch (IOException e) {
      throw new IOException(
          "%s in %s could not be built, which takes %s: %s"
              .formatted(
                  source.pixels().fileName(),
                  folder,
                  size(StoreMeta.bytes(source)),
                  e.getMessage()),
          e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Deletes files of builders that were killed. */
  private static void deleteLeftovers(Path folder) throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + AtomicFile.PART)) {
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    }
  }

  static void requireSpace(Path file, long needed, long usable) throws IOException {
    if (!(usable >= needed)) {
      throw new IOException(
          "not enough disk space for %s: needed %s in %s, free %s"
              .formatted(file.getFileName(), size(needed), file.getParent(), size(usable)));
    }
  }

  private static String size(long bytes) {
    return "%s MiB (%s bytes)".formatted(Math.ceilDiv(bytes, 1 << 20), bytes);
  }
}
