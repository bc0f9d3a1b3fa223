package org.ratescope.dataset.download;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.ratescope.dataset.catalogue.ContentDigest;
import org.ratescope.dataset.catalogue.KnownFile;

/**
 * A file's content, read once and compared with what the catalogue says. Gzip is recognised by its
 * first bytes and unpacked; never more than the stated size is unpacked, whatever a file would grow
 * to.
 *
 * @param sha256 of the content, in hexadecimal
 * @param gzip whether the file held it in gzip
 */
record Content(String sha256, boolean gzip) {
  private static final int BUFFER = 1 << 16;
  private static final int[] GZIP_MAGIC = {0x1f, 0x8b};

  /** Receives the content piece by piece. */
  @FunctionalInterface
  interface Sink {
    Sink NOTHING = (bytes, count) -> {};

    void write(byte[] bytes, int count) throws IOException;
  }

  /**
   * Reads a file's content.
   *
   * @param sink receives it, before it is known to be right
   * @param progress told how many bytes of content were read
   * @throws WrongContent saying in what it differs
   */
  static Content read(KnownFile known, Path file, Sink sink, LongConsumer progress)
      throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
      boolean gzip = isGzip(raw);
      try (InputStream in = gzip ? new GZIPInputStream(raw, BUFFER) : raw) {
        return new Content(digested(known, in, sink, progress), gzip);
      } catch (ZipException | EOFException e) {
        throw new WrongContent("is damaged gzip (" + e.getMessage() + ")");
      }
    }
  }

  /** Whether a file is gzip, by its first bytes. */
  static boolean isGzip(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), GZIP_MAGIC.length)) {
      return isGzip(in);
    }
  }

  private static boolean isGzip(InputStream in) throws IOException {
    in.mark(GZIP_MAGIC.length);
    int[] first = {in.read(), in.read()};
    in.reset();
    return Arrays.equals(first, GZIP_MAGIC);
  }

  private static String digested(KnownFile known, InputStream in, Sink sink, LongConsumer progress)
      throws IOException {
    MessageDigest sha256 = ContentDigest.Algorithm.SHA256.start();
    Map<ContentDigest.Algorithm, MessageDigest> digests = new HashMap<>();
    known.checksums().forEach(c -> digests.put(c.algorithm(), c.algorithm().start()));
    byte[] buffer = new byte[BUFFER];
    long size = 0;
    for (int n = in.readNBytes(buffer, 0, BUFFER); n > 0; n = in.readNBytes(buffer, 0, BUFFER)) {
      if (size == 0) {
        requireBeginning(known, buffer, n);
      }
      size += n;
      if (size > known.bytes()) {
        throw new WrongContent("goes on after %d bytes".formatted(known.bytes()));
      }
      sha256.update(buffer, 0, n);
      for (MessageDigest digest : digests.values()) {
        digest.update(buffer, 0, n);
      }
      sink.write(buffer, n);
      progress.accept(size);
    }
    if (size < known.bytes()) {
      throw new WrongContent("ends after %d of %d bytes".formatted(size, known.bytes()));
    }
    requireDigests(known, digests);
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** Tells a page of HTML, or another file, from the file before all of it is read. */
  private static void requireBeginning(KnownFile known, byte[] bytes, int count)
      throws WrongContent {
    int wanted = known.begins().length() / 2;
    String came = HexFormat.of().formatHex(bytes, 0, Math.min(wanted, count));
    if (!came.equals(known.begins())) {
      throw new WrongContent("begins with the bytes %s, not %s".formatted(came, known.begins()));
    }
  }

  private static void requireDigests(
      KnownFile known, Map<ContentDigest.Algorithm, MessageDigest> digests) throws WrongContent {
    for (ContentDigest checksum : known.checksums()) {
      MessageDigest digest = digests.get(checksum.algorithm());
      String came = digest == null ? "" : HexFormat.of().formatHex(digest.digest());
      if (!came.equals(checksum.hex())) {
        throw new WrongContent(
            "has the %s %s, not %s".formatted(checksum.algorithm(), came, checksum.hex()));
      }
    }
  }
}
