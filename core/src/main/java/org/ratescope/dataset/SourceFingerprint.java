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
 * Identifies the files from which images are read, so that cached images are built again when the
 * files change, or are read in another way.
 *
 * @param place their location, if it distinguishes data sets with the same name; else empty
 * @param fingerprint a hash of the files' names, sizes and modification times, and of the settings
 *     with which they are read, if a user can edit these; empty if there are no files
 */
public record SourceFingerprint(String place, String fingerprint) {
  /** For computed images. */
  public static final SourceFingerprint COMPUTED = new SourceFingerprint("", "");

  /**
   * For these files, in their current state; does not read their contents.
   *
   * @param root the folder to which their names are relative
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

  /** The same for files that are read with these settings. */
  public SourceFingerprint withSettings(String settings) {
    return new SourceFingerprint(place, Sha256.ofText(fingerprint + "\n" + settings));
  }
}
