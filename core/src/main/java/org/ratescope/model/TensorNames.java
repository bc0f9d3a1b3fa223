package org.ratescope.model;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ratescope.yaml.StudyFileException;
import org.ratescope.yaml.ValueParser;
import org.ratescope.yaml.YamlFile;
import org.ratescope.yaml.YamlNode;

/**
 * What the tensors of another program's weight file are called here. A name stands for a tensor, or
 * for all tensors whose names begin with it and a dot: {@code fc21: mean} renames {@code
 * fc21.weight} and {@code fc21.bias}. Of two names that fit, the longer one counts. Tensors without
 * an entry keep their names. Wrappers, {@code module} and {@code _orig_mod}, are no part of a name.
 *
 * @param names names in the file, and the names here; an empty one leaves the tensors out
 */
public record TensorNames(Map<String, String> names) {
  /** The names of the file. */
  public static final TensorNames SAME = new TensorNames(Map.of());

  /** What DataParallel and torch.compile put before or between the parts of a name. */
  private static final Set<String> WRAPPERS = Set.of("module", "_orig_mod");

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
      String here = entry.getValue() instanceof YamlNode.Nothing ? "" : name.one(entry.getValue());
      if (names.put(unwrapped(entry.getKey()), here) != null) {
        throw entry
            .getValue()
            .place()
            .problem("two names that differ in module or _orig_mod only", "one of them");
      }
    }
    return new TensorNames(names);
  }

  /** A name without wrappers. */
  static String unwrapped(String name) {
    return Stream.of(name.split("\\.", -1))
        .filter(part -> !WRAPPERS.contains(part))
        .collect(Collectors.joining("."));
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
