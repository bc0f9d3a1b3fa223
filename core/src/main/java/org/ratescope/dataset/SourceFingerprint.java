package org.ratescope.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.List;
import org.ratescope.io.Sha256;

/**
 * Which files images are read from, so that kept images are made again when the files change.
 *
 * @param place where they are, if that tells data sets of one name apart; else empty
 * @param fingerprint a hash of the files' names, sizes and times of change; empty if there are none
 */
public record SourceFingerprint(String place, String fingerprint) {
  /** Of images that are computed. */
  public static final SourceFingerprint COMPUTED = new SourceFingerprint("", "");

  /**
   * Of those files, looked at now; contents are not read.
   *
   * @param root the folder from which their names count
   */
  public static SourceFingerprint of(String place, Path root, List<Path> files) throws IOException {
    MessageDigest digest = Sha256.start();
    Path start = root.toAbsolutePath();
    for (Path file : files) {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      String line =
          "%s\n%s\n%s\n"
              .formatted(
                  start.relativize(file.toAbsolutePath()),
                  attributes.size(),
                  attributes.lastModifiedTime().toMillis());
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return new SourceFingerprint(place, Sha256.hex(digest));
  }
}
