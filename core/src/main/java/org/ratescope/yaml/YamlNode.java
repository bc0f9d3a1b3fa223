package org.ratescope.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ratescope.spec.text.Wording;

/** A value of a YAML file with its location: a scalar, a sequence or a mapping. */
public sealed interface YamlNode {

  SourceLocation place();

  /** Describes the value, for error messages. */
  String came();

  /** The type of a scalar by YAML 1.2's core schema. */
  enum Kind {
    TEXT,
    WHOLE,
    NUMBER,
    TRUTH,
    OTHER
  }

  /** One word, number or quoted text, as written. */
  record Scalar(SourceLocation place, String text, Kind kind) implements YamlNode {
    /** Whole numbers up to this one are exact as doubles. */
    private static final double EXACT = 1L << 53;

    @Override
    public String came() {
      String quoted = Wording.quoted(text);
      return switch (kind) {
        case TEXT -> quoted;
        case WHOLE, NUMBER, TRUTH -> quoted.substring(1, quoted.length() - 1);
        case OTHER -> quoted + " with a YAML tag of its own";
      };
    }

    /**
     * The whole number, in any of YAML's forms ({@code 16}, {@code 0x10}, {@code 0o20}) or as a
     * number without a fraction ({@code 1e6}).
     *
     * @throws NumberFormatException if the scalar is not such a number or is too large
     */
    Optional<Long> whole() {
      if (kind == Kind.WHOLE) {
        return Optional.of(
            text.startsWith("0x")
                ? Long.parseLong(text.substring(2), 16)
                : text.startsWith("0o")
                    ? Long.parseLong(text.substring(2), 8)
                    : Long.parseLong(text));
      }
      return number().filter(v -> v == Math.rint(v) && Math.abs(v) <= EXACT).map(Double::longValue);
    }

    /**
     * The number; -0.0 is 0.
     *
     * @throws NumberFormatException if the scalar is not a number
     */
    Optional<Double> number() {
      return switch (kind) {
        case WHOLE ->
            Optional.of(
                text.startsWith("0x") || text.startsWith("0o")
                    ? (double) whole().orElseThrow()
                    : Double.parseDouble(text) + 0.0);
        case NUMBER -> Optional.of(Double.parseDouble(text) + 0.0);
        case TEXT, TRUTH, OTHER -> Optional.empty();
      };
    }
  }

  /** A key without a value. */
  record Nothing(SourceLocation place) implements YamlNode {
    static final String CAME = "nothing";

    @Override
    public String came() {
      return CAME;
    }
  }

  /** A list. */
  record Items(SourceLocation place, List<YamlNode> entries) implements YamlNode {
    public Items {
      entries = List.copyOf(entries);
    }

    @Override
    public String came() {
      return entries.isEmpty() ? "an empty list" : "a list";
    }
  }

  /** Keys and their values, in the order of the file. */
  record Group(SourceLocation place, Map<String, YamlNode> entries) implements YamlNode {
    @Override
    public String came() {
      return "a mapping";
    }

    /** The value of a required key. */
    public YamlNode required(String key, String allowed) throws StudyFileException {
      YamlNode setting = entries.get(key);
      if (setting == null) {
        throw new SourceLocation(place.file(), place.line(), place.under(key, 0).key())
            .error(Nothing.CAME, allowed);
      }
      return setting;
    }

    /** The value of a key, or {@code otherwise} if the key is absent. */
    public <T> T one(String key, ValueParser<T> allowed, T otherwise) throws StudyFileException {
      YamlNode setting = entries.get(key);
      return setting == null ? otherwise : allowed.one(setting);
    }

    /** The values of a key, or {@code otherwise} if the key is absent. */
    public <T> List<T> list(String key, ValueParser<T> allowed, List<T> otherwise)
        throws StudyFileException {
      YamlNode setting = entries.get(key);
      return setting == null ? otherwise : allowed.list(setting);
    }

    public <T> List<T> list(String key, ValueParser<T> allowed) throws StudyFileException {
      return allowed.list(required(key, allowed.sentence()));
    }

    public int whole(String key, int low, int high, int otherwise) throws StudyFileException {
      return Math.toIntExact(one(key, ValueParser.whole(low, high), (long) otherwise));
    }

    /** The mapping under a key, empty if the key is absent; it may contain only these keys. */
    public Group section(String key, List<String> keys) throws StudyFileException {
      YamlNode setting =
          entries.getOrDefault(key, new Group(place.under(key, place.line()), Map.of()));
      return setting.asGroup(keys);
    }

    /**
     * This mapping, with values replaced by those of another one, key by key and mapping by
     * mapping. A sequence or scalar of the other replaces the whole value.
     */
    public Group overlaid(Group other) {
      Map<String, YamlNode> merged = new LinkedHashMap<>(entries);
      other.entries.forEach(
          (key, over) ->
              merged.merge(
                  key,
                  over,
                  (mine, theirs) ->
                      mine instanceof Group below && theirs instanceof Group above
                          ? below.overlaid(above)
                          : theirs));
      return new Group(place, merged);
    }

    public Group without(String key) {
      Map<String, YamlNode> rest = new LinkedHashMap<>(entries);
      rest.remove(key);
      return new Group(place, rest);
    }
  }

  /** This node as a mapping that contains only these keys. */
  default Group asGroup(List<String> keys) throws StudyFileException {
    if (!(this instanceof Group group)) {
      throw place().error(came(), "a mapping of the keys " + String.join(", ", keys));
    }
    for (Map.Entry<String, YamlNode> entry : group.entries().entrySet()) {
      if (!keys.contains(entry.getKey())) {
        throw entry.getValue().place().unknown("unknown key", entry.getKey(), keys);
      }
    }
    return group;
  }

  /** The entries of a sequence; any other node is a sequence of one. */
  default List<YamlNode> asList() {
    return this instanceof Items items ? items.entries() : List.of(this);
  }
}
