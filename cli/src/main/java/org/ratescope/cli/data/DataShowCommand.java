package org.ratescope.cli.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.UsageException;
import org.ratescope.dataset.ImageGrid;
import org.ratescope.dataset.RenderedSource;
import org.ratescope.dataset.StreamedSource;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.spec.data.CatalogueImages;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.DataSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code data show}. */
@Command(
    name = "show",
    description = "Write a grid of random images as a PNG file.",
    footer = {
      "",
      "Examples:",
      "  ratescope data show tetrominoes",
      "  ratescope data show tetrominoes:resolution=16 --pieces --out pieces.png"
    })
final class DataShowCommand implements Callable<Integer> {
  private static final int ROWS = 7;
  private static final int COLUMNS = 14;

  /** Approximate length of an image's longer side in pixels of the grid. */
  private static final int TARGET_PIXELS = 64;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DATA", description = "The data set, for example tetrominoes.")
  private DataSpec data;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The file to write (default: the data set's name with .png).")
  private @Nullable Path out;

  @Option(names = "--pieces", description = "Draw one row for each of the seven pieces.")
  private boolean pieces;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the random choice of images (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private final ImagesOption images;

  DataShowCommand(Environment surroundings) {
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    Path file = out == null ? Path.of(data.name() + ".png") : out;
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    sheet().write(file, Math.max(1, TARGET_PIXELS / Math.max(data.width(), data.height())));
    spec.commandLine().getOut().println(file);
    return ExitCode.SUCCESS;
  }

  /** Fewer of large images, which are drawn at their size. */
  private ImageGrid sheet() throws IOException {
    int side = Math.max(data.width(), data.height());
    int columns = Math.clamp(COLUMNS * 4L * TARGET_PIXELS / side, 2, COLUMNS);
    int rows = Math.clamp(ROWS * 4L * TARGET_PIXELS / side, 1, ROWS);
    if (pieces) {
      return switch (data) {
        case DataSpec.Tetrominoes tetrominoes -> Tetrominoes.pieces(tetrominoes, COLUMNS, seed);
        case CatalogueImages c -> throw noPieces();
        case CustomImages o -> throw noPieces();
      };
    }
    return switch (images.library().source(data)) {
      case RenderedSource rendered -> ImageGrid.random(rendered, rows, columns, seed);
      case StreamedSource read ->
          ImageGrid.random(images.open(data, spec.commandLine().getErr()), rows, columns, seed);
    };
  }

  private UsageException noPieces() {
    return new UsageException(
        "--pieces: got %s; expected tetrominoes, the only data set with pieces"
            .formatted(data.text()));
  }
}
