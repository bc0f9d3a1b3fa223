package org.ratescope.model;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ratescope.yaml.StudyFileException;
import org.ratescope.yaml.ValueParser;
import org.ratescope.yaml.YamlFile;
import org.ratescope.yaml.YamlNode;

/**
 * What the tensors of another program's weight file are called here. A name stands for a tensor, or
 * for all tensors whose names begin with it and a dot: {@code fc21: mean} renames {@code
 * fc21.weight} and {@code fc21.bias}. Of two names that fit, the longer one counts. Tensors without
 * an entry keep their names.
 *
 * @param names names in the file, and the names here; an empty one leaves the tensors out
 */
public record TensorNames(Map<String, String> names) {
  /** The names of the file. */
  public static final TensorNames SAME = new TensorNames(Map.of());

  private static final Pattern DOTTED = Pattern.compile("[^\\s.]+(\\.[^\\s.]+)*");

  public TensorNames {
    names = Map.copyOf(names);
  }

  /**
   * Reads a YAML file with lines {@code NAME IN THE FILE: NAME HERE}; without a name here the
   * tensors are left out.
   *
   * @throws StudyFileException naming file, line and key, what came and what is expected
   */
  public static TensorNames read(Path file) throws StudyFileException {
    String keys = "names of tensors in the weight file";
    ValueParser<String> name =
        ValueParser.matching(
            "a tensor's name or its beginning, for example encoder.0 or mean.weight", DOTTED);
    Map<String, String> names = new LinkedHashMap<>();
    for (Map.Entry<String, YamlNode> entry : YamlFile.read(file, keys).entries().entrySet()) {
      names.put(
          entry.getKey(),
          entry.getValue() instanceof YamlNode.Nothing ? "" : name.one(entry.getValue()));
    }
    return new TensorNames(names);
  }

  /** What a tensor of the file is called here; null if it is left out. */
  @Nullable String of(String stored) {
    for (String part = stored;
        !part.isEmpty();
        part = part.substring(0, Math.max(0, part.lastIndexOf('.')))) {
      String renamed = names.get(part);
      if (renamed != null) {
        return renamed.isEmpty() ? null : renamed + stored.substring(part.length());
      }
    }
    return stored;
  }
}
