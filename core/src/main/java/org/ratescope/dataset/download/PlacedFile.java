package org.ratescope.dataset.download;

import java.nio.file.Path;
import java.util.Locale;
import org.ratescope.dataset.catalogue.KnownFile;

/**
 * A file of a data set that is in place, its content verified.
 *
 * @param file what the catalogue says about it
 * @param path where it is
 * @param how how it came there
 * @param origin the address or file it came from; the path itself if it was there
 * @param sha256 of its content, in hexadecimal
 */
public record PlacedFile(KnownFile file, Path path, How how, String origin, String sha256) {
  /** How a file came to its place. */
  public enum How {
    PRESENT,
    DOWNLOADED,
    COPIED,
    /** A second name of the same bytes on disk. */
    LINKED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
