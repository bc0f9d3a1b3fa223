package org.ratescope.cli.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.UsageException;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.Labels;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.PixelType;
import org.ratescope.dataset.format.NpyWriter;
import org.ratescope.export.Croissant;
import org.ratescope.io.AtomicFile;
import org.ratescope.results.Version;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code data export}. */
@Command(
    name = "export",
    description = {
      "Write the training set and the test set of a split as NumPy arrays.",
      "For each set: images_SET.npy, [N, C, H, W], uint8 (255 is 1) or float32 from 0 to 1;"
          + " rows_SET.npy, the rows in the data set; labels_SET.npy, [N, factors], if the data"
          + " have labels. dataset.json has their names, croissant.json describes the files for"
          + " programs. 'evaluate' reads the images as they are."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope data export mnist --split cv:0.1 --out mnist-cv",
      "  ratescope data export images:photos/,size=32,colour=grey --out arrays"
    })
final class DataExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DATA", description = "The data set, for example tetrominoes.")
  private DataSpec data;

  @Mixin private final SplitOption split = new SplitOption();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The folder to write; it must be empty or not exist.")
  private Path out;

  @Mixin private final ImagesOption images;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  DataExportCommand(Environment surroundings) {
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    requireEmpty();
    ImageSet set = images.open(data, spec.commandLine().getErr());
    Partition partition;
    try {
      partition = set.partition(split.split());
    } catch (IllegalArgumentException e) {
      throw new UsageException("split " + split.split().text() + ": " + e.getMessage());
    }
    List<Croissant.DataFile> files = new ArrayList<>();
    for (Subset subset : Subset.values()) {
      files.addAll(write(set, subset, partition.rows(subset)));
    }
    Path about = out.resolve("dataset.json");
    AtomicFile.write(
        about, (Json.text(fields(set, partition)) + "\n").getBytes(StandardCharsets.UTF_8));
    files.add(described(about, "names, sizes and checksums of the data"));
    Path croissant = out.resolve("croissant.json");
    description(files, partition).write(croissant);
    List<Path> written =
        Stream.concat(files.stream().map(Croissant.DataFile::path), Stream.of(croissant)).toList();
    Json.print(spec.commandLine().getOut(), written, json);
    return ExitCode.SUCCESS;
  }

  private static Croissant.DataFile described(Path file, String meaning) {
    return new Croissant.DataFile(file, meaning, List.of());
  }

  private Croissant description(List<Croissant.DataFile> files, Partition partition) {
    return new Croissant(
        "%s, split %s".formatted(data.text(), split.split().text()),
        "Training set (%s images) and test set (%s images) of a split of %s, as NumPy arrays."
            .formatted(partition.size(Subset.TRAIN), partition.size(Subset.TEST), data.text()),
        files);
  }

  private void requireEmpty() throws IOException {
    if (!Files.exists(out)) {
      return;
    }
    try (var entries = Files.newDirectoryStream(out)) {
      if (entries.iterator().hasNext()) {
        throw new UsageException("--out %s: expected an empty or a new folder".formatted(out));
      }
    }
  }

  private List<Croissant.DataFile> write(ImageSet set, Subset subset, int[] rows)
      throws IOException {
    List<Croissant.DataFile> files = new ArrayList<>();
    long count = rows.length;
    boolean bytes = set.pixels() == PixelType.UINT8;
    Path pictures = file("images", subset);
    AtomicFile.write(
        pictures,
        channel -> {
          start(
              channel,
              bytes ? "|u1" : "<f4",
              List.of(count, (long) data.channels(), (long) data.height(), (long) data.width()));
          for (int row : rows) {
            AtomicFile.writeFully(channel, ByteBuffer.wrap(set.stored(row)));
          }
        });
    files.add(described(pictures, "images, [N, C, H, W]; uint8 (255 is 1) or float32 from 0 to 1"));
    Path numbers = file("rows", subset);
    ByteBuffer values = buffer(Integer.BYTES * rows.length);
    values.asIntBuffer().put(rows);
    AtomicFile.write(
        numbers,
        channel -> {
          start(channel, "<i4", List.of(count));
          AtomicFile.writeFully(channel, values.rewind());
        });
    files.add(described(numbers, "rows of the images in the data set, [N]"));
    int factors = set.source().factorNames().size();
    if (factors > 0) {
      Path labels = writeLabels(set.source(), subset, rows, factors);
      files.add(described(labels, "labels of the images, [N, factors], named in dataset.json"));
    }
    return files;
  }

  private Path writeLabels(ImageSource source, Subset subset, int[] rows, int factors)
      throws IOException {
    Path file = file("labels", subset);
    AtomicFile.write(
        file,
        channel -> {
          start(channel, "<f8", List.of((long) rows.length, (long) factors));
          for (int row : rows) {
            ByteBuffer label = buffer(Double.BYTES * factors);
            label.asDoubleBuffer().put(source.factors(row));
            AtomicFile.writeFully(channel, label);
          }
        });
    return file;
  }

  private static void start(FileChannel channel, String type, List<Long> shape) throws IOException {
    AtomicFile.writeFully(channel, ByteBuffer.wrap(NpyWriter.header(type, shape)));
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Path file(String what, Subset subset) {
    return out.resolve("%s_%s.npy".formatted(what, subset.text()));
  }

  private Map<String, Object> fields(ImageSet set, Partition partition) {
    ImageSource source = set.source();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("data", data.text());
    fields.put("split", split.split().text());
    fields.put("train", partition.size(Subset.TRAIN));
    fields.put("test", partition.size(Subset.TEST));
    fields.put("shape", List.of(data.channels(), data.height(), data.width()));
    fields.put("factors", source.factorNames());
    fields.put("texts", texts(source, partition));
    fields.put("dataSha256", set.sha256());
    fields.put("splitSha256", partition.sha256());
    fields.put("ratescope", Version.RATESCOPE);
    return fields;
  }

  /** For each factor whose values stand for texts, such as classes: the text of each value. */
  private static Map<String, Map<String, String>> texts(ImageSource source, Partition partition) {
    Map<String, Map<Double, String>> found = new LinkedHashMap<>();
    List<String> names = source.factorNames();
    for (Subset subset : Subset.values()) {
      for (int row : partition.rows(subset)) {
        double[] values = source.factors(row);
        for (int f = 0; f < values.length; f++) {
          String text = source.factorText(f, values[f]);
          if (!text.equals(Labels.text(values[f]))) {
            found.computeIfAbsent(names.get(f), n -> new TreeMap<>()).put(values[f], text);
          }
        }
      }
    }
    Map<String, Map<String, String>> texts = new LinkedHashMap<>();
    found.forEach(
        (name, values) -> {
          Map<String, String> one = new LinkedHashMap<>();
          values.forEach((value, text) -> one.put(Labels.text(value), text));
          texts.put(name, one);
        });
    return texts;
  }
}
