package org.ratescope.dataset.download;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ratescope.dataset.catalogue.Catalogue;
import org.ratescope.dataset.catalogue.KnownFile;
import org.ratescope.dataset.catalogue.KnownSet;

/**
 * The folder that holds the raw files of one data set: {@code ROOT/NAME}. Files are plain, or in
 * gzip where a person has put them there so.
 */
public final class DatasetFolder {
  private final Path path;
  private final String name;
  private final List<KnownFile> known;

  private DatasetFolder(Path path, String name, List<KnownFile> known) {
    this.path = path;
    this.name = name;
    this.known = known;
  }

  /**
   * The folder of a data set. A set that is not in the built-in catalogue has files of just the
   * names that are asked for.
   *
   * @param root the data folder, with a folder for each set
   */
  public static DatasetFolder of(Path root, String name) {
    List<KnownFile> known = Catalogue.builtIn().set(name).map(KnownSet::files).orElseGet(List::of);
    return new DatasetFolder(root.resolve(name), name, known);
  }

  /** The folder of a data set of any catalogue. */
  public static DatasetFolder of(Path root, KnownSet set) {
    return new DatasetFolder(root.resolve(set.name()), set.name(), set.files());
  }

  /** The folder itself, which need not exist. */
  public Path path() {
    return path;
  }

  /**
   * A raw file of the set. Its content was verified when it was placed, not now.
   *
   * @param logicalName the file's name in the catalogue, without {@code .gz}
   * @throws IOException if it is not there, saying how to get it
   */
  public Path file(String logicalName) throws IOException {
    return find(logicalName)
        .orElseThrow(
            () ->
                new IOException(
                    ("data set %s is not here: %s has none of %s; 'ratescope data get %s' gets it,"
                            + " 'ratescope data get %s --from PATH' takes files you have")
                        .formatted(name, path, String.join(", ", names(logicalName)), name, name)));
  }

  /** A raw file of the set, if it is there: the content rather than a gzip file. */
  public Optional<Path> find(String logicalName) {
    return names(logicalName).stream().map(path::resolve).filter(Files::isRegularFile).findFirst();
  }

  private List<String> names(String logicalName) {
    return known.stream()
        .filter(file -> file.name().equals(logicalName))
        .findFirst()
        .map(KnownFile::acceptedNames)
        .orElseGet(() -> List.of(logicalName, logicalName + ".gz"));
  }
}
