package org.ratescope.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.spec.text.Wording;
import org.ratescope.yaml.SourceLocation;
import org.ratescope.yaml.StudyFileException;
import org.ratescope.yaml.YamlFile;
import org.ratescope.yaml.YamlNode;
import org.ratescope.yaml.YamlNode.Group;

/**
 * Values that replace those of a study file: the option {@code --set KEY=VALUE}. A key inside a
 * mapping has the name of the mapping before it, {@code training.iterations}; the value is YAML,
 * {@code [0.1, 1]}. It replaces the whole value of that key.
 */
public final class Overrides {
  /** No values. */
  public static final Overrides NONE = new Overrides(List.of());

  private static final Pattern FORM = Pattern.compile("([^=\\s.]+(?:\\.[^=\\s.]+)*)=([^\\r\\n]*)");

  private final List<Setting> settings;

  /**
   * One value.
   *
   * @param keys the names of the mappings and of the key
   * @param mapping the value in mappings of these names
   */
  private record Setting(List<String> keys, Group mapping) {}

  private Overrides(List<Setting> settings) {
    this.settings = List.copyOf(settings);
  }

  /**
   * Parses the values; a later one replaces an earlier one of the same key.
   *
   * @param option the name of the option, for error messages
   * @param texts the options' values
   * @throws StudyFileException if one is not of that form, or if its value is not valid YAML
   */
  public static Overrides parse(String option, List<String> texts) throws StudyFileException {
    List<Setting> settings = new ArrayList<>();
    for (String text : texts) {
      settings.add(parse(option, text));
    }
    return new Overrides(settings);
  }

  private static Setting parse(String option, String text) throws StudyFileException {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new StudyFileException(
          option
              + ": "
              + Wording.unexpected(text, "KEY=VALUE, for example training.iterations=2000"));
    }
    StringBuilder yaml = new StringBuilder();
    String[] keys = form.group(1).split("\\.", -1);
    for (int i = 0; i < keys.length; i++) {
      yaml.append(" ".repeat(i)).append('"').append(keys[i].replaceAll("[\"\\\\]", "\\\\$0"));
      yaml.append(i < keys.length - 1 ? "\":\n" : "\": " + form.group(2));
    }
    return new Setting(
        List.of(keys),
        YamlFile.parseOption(
            option + " " + Wording.shown(text, Integer.MAX_VALUE), yaml.toString(), "KEY"));
  }

  public boolean isEmpty() {
    return settings.isEmpty();
  }

  /**
   * A study's mapping with these values.
   *
   * @throws StudyFileException if a study has no such key
   */
  Group applyTo(Group study) throws StudyFileException {
    Group changed = study;
    for (Setting setting : settings) {
      for (YamlNode value : setting.mapping().entries().values()) {
        requireWholeKey(value.place());
      }
      changed =
          without(changed, setting.keys()).overlaid(setting.mapping().asGroup(StudyReader.KEYS));
    }
    return changed;
  }

  /** A mapping without the value of a key, which may be in mappings in it. */
  private static Group without(Group group, List<String> keys) {
    String first = keys.getFirst();
    if (keys.size() > 1 && group.entries().get(first) instanceof Group inside) {
      Map<String, YamlNode> entries = new LinkedHashMap<>(group.entries());
      entries.put(first, without(inside, keys.subList(1, keys.size())));
      return new Group(group.place(), entries);
    }
    return group.without(first);
  }

  /** Refuses {@code iterations}, which is a key of {@code training}. */
  private static void requireWholeKey(SourceLocation place) throws StudyFileException {
    String key = place.key();
    for (Map.Entry<String, List<String>> section : StudyReader.SECTIONS.entrySet()) {
      if (!StudyReader.KEYS.contains(key) && section.getValue().contains(key)) {
        throw place.problem("unknown key", section.getKey() + "." + key);
      }
    }
  }
}
