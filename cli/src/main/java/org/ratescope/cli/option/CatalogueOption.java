package org.ratescope.cli.option;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.process.UsageException;
import org.ratescope.dataset.catalogue.Catalogue;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.spec.text.Wording;
import picocli.CommandLine.Option;

/** The file with the data sets that the user adds to the built-in ones. */
public final class CatalogueOption {
  @Option(
      names = "--catalogue",
      paramLabel = "FILE",
      description =
          "A file with further data sets and mirrors, read after datasets.yaml in the data folder"
              + " (see docs/data-get.md).")
  private @Nullable Path file;

  Optional<Path> file() {
    return Optional.ofNullable(file);
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
                                Catalogue.OWN)
                        + " of --catalogue describes (tetrominoes are generated, not downloaded)"
                        + Wording.didYouMean(
                            name, catalogue.sets().stream().map(KnownSet::name).toList())));
  }
}
