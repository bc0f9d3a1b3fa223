package org.ratescope.cli.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.process.UsageException;
import org.ratescope.dataset.catalogue.Catalogue;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.yaml.StudyFileException;
import picocli.CommandLine.Option;

/** The data sets to download: the built-in ones, and those that the user adds. */
public final class CatalogueOption {
  private static final String OWN = "datasets.yaml";

  @Option(
      names = "--catalogue",
      paramLabel = "FILE",
      description =
          "A file with further data sets and mirrors, read after datasets.yaml in the data folder (see"
              + " docs/data-get.md).")
  private @Nullable Path file;

  /**
   * The built-in sets, those of {@code datasets.yaml} in the data folder, and those of the option.
   */
  public Catalogue read(Path datasets) throws StudyFileException {
    Catalogue catalogue = Catalogue.builtIn();
    Path own = datasets.resolve(OWN);
    if (Files.exists(own)) {
      catalogue = catalogue.with(own);
    }
    return file == null ? catalogue : catalogue.with(file);
  }

  /** The set of that name. */
  public static KnownSet find(Catalogue catalogue, String name) {
    return catalogue
        .set(name)
        .orElseThrow(
            () ->
                new UsageException(
                    "got data set \"%s\"; expected %s, or one that %s in the data folder or the file"
                            .formatted(
                                name,
                                catalogue.sets().stream()
                                    .map(KnownSet::name)
                                    .collect(Collectors.joining(", ")),
                                OWN)
                        + " of --catalogue describes (tetrominoes are generated, not downloaded)"));
  }
}
