package org.ratescope.format;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.ratescope.file.RegularFile;

/**
 * NumPy's archive form {@code .npz}: a ZIP file of {@code .npy} entries, stored or deflated. An
 * entry is inflated as it is read and never further than its array's header says, so a small file
 * cannot fill memory or disk.
 */
public final class Npz {
  private static final String NPY = ".npy";
  private static final int NAMES_SHOWN = 20;

  private Npz() {}

  /**
   * Reads the header of the array of that name.
   *
   * @param key the array's name, without {@code .npy}
   * @throws FormatException if the file is no ZIP archive, has no such entry, or the entry is no
   *     array or cannot hold what it promises
   */
  public static StoredArray open(Path file, String key) throws IOException {
    long size;
    try (ZipFile zip = archive(file)) {
      ZipEntry entry = zip.getEntry(key + NPY);
      if (entry == null) {
        throw new FormatException(
            file.toString(),
            "no array named %s, it has: %s".formatted(key, String.join(", ", names(zip))));
      }
      size = entry.getSize();
      FormatException.require(
          size <= ByteSource.inflated(entry.getCompressedSize()),
          file.toString(),
          "array %s claims %d bytes, more than its %d compressed bytes can hold"
              .formatted(key, size, entry.getCompressedSize()));
    } catch (RuntimeException e) {
      throw new FormatException(file.toString(), "damaged ZIP archive: " + e.getMessage(), e);
    }
    String where = "%s (array %s)".formatted(file, key);
    return Npy.open(new ByteSource(where, size, true, () -> entry(file, key)));
  }

  private static List<String> names(ZipFile zip) {
    return zip.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.endsWith(NPY))
        .map(name -> name.substring(0, name.length() - NPY.length()).replaceAll("[^ -~]", "?"))
        .limit(NAMES_SHOWN)
        .toList();
  }

  private static ZipFile archive(Path file) throws IOException {
    RegularFile.require(file);
    try {
      return new ZipFile(file.toFile());
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new FormatException(file.toString(), "no ZIP archive: " + e.getMessage(), e);
    }
  }

  private static InputStream entry(Path file, String key) throws IOException {
    ZipFile zip = archive(file);
    try {
      ZipEntry entry = zip.getEntry(key + NPY);
      InputStream in = entry == null ? null : zip.getInputStream(entry);
      if (in == null) {
        throw new FormatException(file.toString(), "array %s is gone".formatted(key));
      }
      return new WholeArchive(zip, in);
    } catch (FormatException e) {
      zip.close();
      throw e;
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw new FormatException(file.toString(), "damaged ZIP archive: " + e.getMessage(), e);
    }
  }

  /** An entry's content; closes the archive with it. */
  private static final class WholeArchive extends BufferedInputStream {
    private final ZipFile zip;

    WholeArchive(ZipFile zip, InputStream in) {
      super(in);
      this.zip = zip;
    }

    @Override
    public void close() throws IOException {
      super.close();
      zip.close();
    }
  }
}
