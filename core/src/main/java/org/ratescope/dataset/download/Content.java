package org.ratescope.dataset.download;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.zip.ZipException;
import org.ratescope.dataset.catalogue.ContentDigest;
import org.ratescope.dataset.catalogue.ContentDigest.Algorithm;
import org.ratescope.dataset.catalogue.KnownFile;
import org.ratescope.dataset.format.GzipStream;

/**
 * A file's content, compared with the catalogue while it is read. Gzip is recognised by its first
 * bytes and unpacked; at most the stated size is unpacked.
 */
final class Content {
  private static final int BUFFER = 1 << 16;
  private static final int[] GZIP_MAGIC = {0x1f, 0x8b};

  private Content() {}

  /**
   * Reads and verifies a file's content.
   *
   * @param sink receives the content before it is verified
   * @param progress receives the number of bytes read so far
   * @return the SHA-256 of the content, in hexadecimal
   * @throws WrongContent naming the difference
   */
  static String read(KnownFile known, Path file, OutputStream sink, LongConsumer progress)
      throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        InputStream in = isGzip(raw) ? new GzipStream(raw) : raw) {
      return verified(known, in, sink, progress);
    } catch (ZipException | EOFException e) {
      throw new WrongContent("is damaged gzip (" + e.getMessage() + ")");
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

  private static String verified(
      KnownFile known, InputStream in, OutputStream sink, LongConsumer progress)
      throws IOException {
    Map<Algorithm, MessageDigest> digests = new EnumMap<>(Algorithm.class);
    digests.put(Algorithm.SHA256, Algorithm.SHA256.start());
    known.checksums().forEach(c -> digests.putIfAbsent(c.algorithm(), c.algorithm().start()));
    byte[] buffer = new byte[BUFFER];
    long size = 0;
    for (int n = in.readNBytes(buffer, 0, BUFFER); n > 0; n = in.readNBytes(buffer, 0, BUFFER)) {
      if (size == 0) { // a web page is recognised before all of it is read
        require(known.begins(), hex(buffer, Math.min(known.begins().length() / 2, n)));
      }
      size += n;
      if (size > known.bytes()) {
        throw new WrongContent("goes on after %s bytes".formatted(known.bytes()));
      }
      for (MessageDigest digest : digests.values()) {
        digest.update(buffer, 0, n);
      }
      sink.write(buffer, 0, n);
      progress.accept(size);
    }
    if (size < known.bytes()) {
      throw new WrongContent("ends after %s of %s bytes".formatted(size, known.bytes()));
    }
    Map<Algorithm, String> hex = new EnumMap<>(Algorithm.class);
    digests.forEach((algorithm, digest) -> hex.put(algorithm, hex(digest.digest())));
    for (ContentDigest checksum : known.checksums()) {
      String came = hex.getOrDefault(checksum.algorithm(), "");
      if (!came.equals(checksum.hex())) {
        throw new WrongContent(
            "has the %s %s, not %s".formatted(checksum.algorithm(), came, checksum.hex()));
      }
    }
    return hex.getOrDefault(Algorithm.SHA256, "");
  }

  private static void require(String begins, String came) throws WrongContent {
    if (!came.equals(begins)) {
      throw new WrongContent("begins with the bytes %s, not %s".formatted(came, begins));
    }
  }

  private static String hex(byte[] bytes, int count) {
    return HexFormat.of().formatHex(bytes, 0, count);
  }

  private static String hex(byte[] bytes) {
    return hex(bytes, bytes.length);
  }
}
