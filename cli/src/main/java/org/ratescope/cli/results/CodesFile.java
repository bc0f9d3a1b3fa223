package org.ratescope.cli.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.process.UsageException;
import org.ratescope.dataset.format.NpzWriter;
import org.ratescope.evaluate.ImageCodes;
import org.ratescope.export.Croissant;
import org.ratescope.io.AtomicFile;
import org.ratescope.spec.Subset;
import org.ratescope.sql.ParquetFile;

/** Codes on their way into a file. */
record CodesFile(ImageCodes codes, int samples, long seed) {

  /** The forms of the file. */
  enum Format {
    NPZ,
    PARQUET;

    static Format of(Path file) {
      String name = String.valueOf(file.getFileName());
      for (Format format : values()) {
        if (name.endsWith("." + format.name().toLowerCase(java.util.Locale.ROOT))) {
          return format;
        }
      }
      throw new UsageException(
          "--out: got %s; expected a name that ends with .npz or .parquet".formatted(file));
    }
  }

  /** A code and where it comes from. */
  private record Place(ImageCodes.Part part, int image) {}

  private Place place(long number) {
    long left = number;
    for (ImageCodes.Part part : codes.parts()) {
      if (left < part.row().length) {
        return new Place(part, (int) left);
      }
      left -= part.row().length;
    }
    throw new IndexOutOfBoundsException("no image " + number);
  }

  /** Writes the file; returns its columns if it is a table. */
  List<Croissant.Column> write(Path file, Format format) throws IOException {
    return switch (format) {
      case NPZ -> npz(file);
      case PARQUET -> parquet(file);
    };
  }

  private boolean hasSubsets() {
    return codes.parts().stream().allMatch(part -> part.subset().isPresent());
  }

  private List<Croissant.Column> npz(Path file) throws IOException {
    int latent = codes.latentSize();
    long n = codes.size();
    List<Long> matrix = List.of(n, (long) latent);
    AtomicFile.write(
        file,
        out -> {
          try (NpzWriter npz = new NpzWriter(out)) {
            npz.floats("mean", matrix, i -> at(i, latent, true));
            npz.floats("logvar", matrix, i -> at(i, latent, false));
            if (samples > 0) {
              npz.floats("sample", List.of(n, (long) samples, (long) latent), this::sample);
            }
            npz.integers(
                "row",
                codes.parts().stream()
                    .flatMapToInt(part -> java.util.Arrays.stream(part.row()))
                    .toArray());
            if (hasSubsets()) {
              npz.texts("subset", subsets());
            }
          }
        });
    return List.of();
  }

  private double at(long index, int latent, boolean mean) {
    Place place = place(index / latent);
    int i = place.image() * latent + (int) (index % latent);
    return mean ? place.part().mean()[i] : place.part().logVar()[i];
  }

  private double sample(long index) {
    int latent = codes.latentSize();
    Place place = place(index / latent / samples);
    return place
        .part()
        .sample(
            seed, place.image(), (int) (index / latent % samples), (int) (index % latent), latent);
  }

  private List<String> subsets() {
    List<String> subsets = new ArrayList<>();
    for (ImageCodes.Part part : codes.parts()) {
      String text = part.subset().map(Subset::text).orElse("");
      for (int i = 0; i < part.row().length; i++) {
        subsets.add(text);
      }
    }
    return subsets;
  }

  private List<Croissant.Column> parquet(Path file) throws IOException {
    int latent = codes.latentSize();
    List<Croissant.Column> columns = new ArrayList<>();
    columns.add(new Croissant.Column("row", "row of the image in the data set", "INTEGER"));
    columns.add(
        new Croissant.Column("subset", "train or test; null for a file or a folder", "VARCHAR"));
    add(columns, "mean_", "mean of q(z|x)");
    add(columns, "logvar_", "log of the variance of q(z|x)");
    for (int s = 0; s < samples; s++) {
      add(columns, "sample_" + s + "_", "sample %s from q(z|x)".formatted(s));
    }
    Map<String, String> types = new LinkedHashMap<>();
    columns.forEach(column -> types.put(column.name(), column.type()));
    ParquetFile.write(file, types, codes.size(), i -> row(i, latent), Map.of("seed", "" + seed));
    return columns;
  }

  private void add(List<Croissant.Column> columns, String prefix, String meaning) {
    for (int l = 0; l < codes.latentSize(); l++) {
      columns.add(new Croissant.Column(prefix + l, meaning + ", latent value " + l, "DOUBLE"));
    }
  }

  private List<@Nullable Object> row(int number, int latent) {
    Place place = place(number);
    ImageCodes.Part part = place.part();
    List<@Nullable Object> row = new ArrayList<>();
    row.add(part.row()[place.image()]);
    row.add(part.subset().map(Subset::text).orElse(null));
    for (double[] values : List.of(part.mean(), part.logVar())) {
      for (int l = 0; l < latent; l++) {
        row.add(values[place.image() * latent + l]);
      }
    }
    for (int s = 0; s < samples; s++) {
      for (int l = 0; l < latent; l++) {
        row.add(part.sample(seed, place.image(), s, l, latent));
      }
    }
    return row;
  }
}
