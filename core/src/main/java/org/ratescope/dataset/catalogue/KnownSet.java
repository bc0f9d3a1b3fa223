package org.ratescope.dataset.catalogue;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A data set of a catalogue.
 *
 * @param name its short name, and that of its folder
 * @param about what it is, for people
 * @param terms under which it is given, for people; Ratescope does not hand it on
 * @param mirrors addresses of folders that hold its files, ending in a slash, the first tried first
 * @param files its files
 * @param images how the files hold images and labels, where that is described
 */
public record KnownSet(
    String name,
    String about,
    String terms,
    List<URI> mirrors,
    List<KnownFile> files,
    Optional<ImageDescription> images) {
  public KnownSet {
    mirrors = List.copyOf(mirrors);
    files = List.copyOf(files);
  }

  /** Bytes of all files' content. */
  public long bytes() {
    return files.stream().mapToLong(KnownFile::bytes).sum();
  }

  /** This set with more mirrors, which are tried before the others. */
  KnownSet withMirrors(List<URI> more) {
    List<URI> all = Stream.concat(more.stream(), mirrors.stream()).distinct().toList();
    return new KnownSet(name, about, terms, all, files, images);
  }
}
