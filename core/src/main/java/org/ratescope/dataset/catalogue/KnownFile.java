package org.ratescope.dataset.catalogue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file of a data set, as a catalogue describes it. All it says is about the content, not about
 * the gzip file around it, whose bytes depend on who compressed it.
 *
 * @param name its name, under which the content is kept
 * @param also other names under which people have it
 * @param remoteName its name at a mirror, relative to the mirror's address
 * @param bytes size of the content, at least 1: it bounds what is received and unpacked
 * @param begins the content's first bytes in hexadecimal; empty if not given
 * @param checksums what its digests must be; empty where none is known
 */
public record KnownFile(
    String name,
    List<String> also,
    String remoteName,
    long bytes,
    String begins,
    List<ContentDigest> checksums) {
  private static final String GZIP = ".gz";

  public KnownFile {
    also = List.copyOf(also);
    checksums = List.copyOf(checksums);
    if (!(bytes >= 1)) {
      throw new IllegalArgumentException("bytes must be at least 1; got " + bytes);
    }
  }

  /** Names under which a folder may have it, the preferred first: plain, then in gzip. */
  public List<String> acceptedNames() {
    return Stream.concat(Stream.of(name), also.stream())
        .flatMap(accepted -> Stream.of(accepted, accepted + GZIP))
        .toList();
  }

  /** The most bytes that may come for it: gzip adds less than a thousandth to any content. */
  public long mostBytes() {
    return bytes + bytes / 1000 + (1 << 12);
  }

  /** By what its content is verified, for people. */
  public String verifiedBy() {
    return checksums.isEmpty()
        ? "size only"
        : checksums.stream().map(c -> c.algorithm().toString()).collect(Collectors.joining(", "));
  }
}
