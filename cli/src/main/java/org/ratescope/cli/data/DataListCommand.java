package org.ratescope.cli.data;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.NamedValues;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.catalogue.KnownFile;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.dataset.download.DatasetFolder;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.spec.data.DataSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code data list}. */
@Command(
    name = "list",
    description = "List the data sets, and which of their files are on this machine.",
    footer = {"", "Examples:", "  ratescope data list", "  ratescope data list --json"})
final class DataListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private final ImagesOption images;

  @Option(names = "--json", description = "Print a JSON array.")
  private boolean json;

  DataListCommand(Environment surroundings) {
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<Map<String, Object>> sets = new ArrayList<>();
    sets.add(fields(DataSpec.Tetrominoes.published()));
    for (KnownSet set : images.library().catalogue().sets()) {
      sets.add(fields(set));
    }
    if (json) {
      out.println(Json.text(sets));
    } else {
      printTexts(out, sets);
    }
    return ExitCode.SUCCESS;
  }

  private static void printTexts(PrintWriter out, List<Map<String, Object>> sets) {
    for (int i = 0; i < sets.size(); i++) {
      if (i > 0) {
        out.println();
      }
      NamedValues.print(out, texts(sets.get(i)), false);
    }
  }

  /** The files of a set as one line: how many of them are on this machine. */
  private static Map<String, Object> texts(Map<String, Object> set) {
    Map<String, Object> texts = new LinkedHashMap<>(set);
    if (set.get("files") instanceof List<?> files) {
      long there =
          files.stream().filter(f -> f instanceof Map<?, ?> m && m.get("path") != null).count();
      texts.put("files", "%s of %s are on this machine".formatted(there, files.size()));
    }
    return texts;
  }

  private Map<String, Object> fields(KnownSet set) {
    DatasetFolder folder = DatasetFolder.of(images.datasets(), set);
    List<Map<String, @Nullable Object>> files = new ArrayList<>();
    for (KnownFile file : set.files()) {
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      one.put("name", file.name());
      one.put("bytes", file.bytes());
      one.put("path", folder.find(file.name()).map(Path::toString).orElse(null));
      files.add(one);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", set.name());
    fields.put("about", set.about());
    fields.put("terms", set.terms());
    fields.put("bytes", set.bytes());
    fields.put("files", files);
    fields.put("folder", folder.path().toString());
    fields.put("present", files.stream().allMatch(file -> file.get("path") != null));
    fields.put("get", "ratescope data get " + set.name());
    return fields;
  }

  private Map<String, Object> fields(DataSpec.Tetrominoes spec) {
    ImageSource source = Tetrominoes.of(spec);
    Path folder = images.library().folder(source);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", spec.name());
    fields.put("default", spec.text());
    fields.put("images", source.size());
    fields.put("shape", List.of(spec.channels(), spec.height(), spec.width()));
    fields.put("factors", source.factorNames());
    fields.put("allowed", DataSpec.allowed());
    fields.put("folder", folder.toString());
    fields.put("built", Files.isDirectory(folder));
    return fields;
  }
}
