package org.ratescope.dataset.format;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ratescope.io.RegularFile;

/**
 * The content of a file, which may be compressed by gzip (recognised by its first bytes, not by its
 * name).
 *
 * @param where the file, for messages
 * @param limit maximum number of bytes of the content
 * @param exact whether the content has exactly that many bytes
 * @param opener opens the content at its start
 */
record ByteSource(String where, long limit, boolean exact, Opener opener) {
  /** A deflated byte yields at most this many (zlib, "maximum compression factor"). */
  static final long MAX_INFLATION = 1032;

  private static final int BUFFER = 1 << 16;

  /** Opens a content. */
  interface Opener {
    InputStream open() throws IOException;
  }

  static ByteSource of(Path file) throws IOException {
    RegularFile.require(file);
    long size = Files.size(file);
    return isGzip(file)
        ? new ByteSource(file.toString(), inflated(size), false, () -> gunzip(file))
        : new ByteSource(file.toString(), size, true, () -> buffered(file));
  }

  /** Maximum number of bytes that this many deflated bytes can become. */
  static long inflated(long deflated) {
    return deflated > Long.MAX_VALUE / MAX_INFLATION ? Long.MAX_VALUE : deflated * MAX_INFLATION;
  }

  private static boolean isGzip(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() == 0x1F && in.read() == 0x8B;
    }
  }

  private static InputStream buffered(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file), BUFFER);
  }

  private static InputStream gunzip(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    try {
      return new BufferedInputStream(new GzipStream(in), BUFFER);
    } catch (IOException e) {
      in.close();
      throw new FormatException(
          file.toString(), "not a gzip file at offset 0: " + e.getMessage(), e);
    }
  }

  /** Starts reading. */
  ByteReader open() throws IOException {
    return new ByteReader(where, opener.open());
  }
}
