package org.ratescope.spec.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The text of a data set, {@code name:PATH,key=value,key=value}, taken apart; the path and the
 * settings may be missing. The path and names of arrays may be {@link Quoted}. Knows which settings
 * were asked for, so that others are refused.
 */
public final class DataSpecText {
  private static final Pattern SETTING = Pattern.compile("\\b([a-z]+)=[^\\s,;]+");

  private final String text;
  private final String name;
  private final List<String> paths = new ArrayList<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Set<String> known = new HashSet<>();
  private boolean wellFormed = true;
  private String missing = ""; // a required setting that is not there

  private DataSpecText(String text) {
    this.text = text;
    int colon = text.indexOf(':');
    name = colon < 0 ? text : text.substring(0, colon);
    for (String item : colon < 0 ? List.<String>of() : items(text.substring(colon + 1))) {
      int equals = Quoted.begins(item) ? -1 : item.indexOf('=');
      if (equals < 0) {
        paths.add(item);
      } else {
        String before = settings.putIfAbsent(item.substring(0, equals), item.substring(equals + 1));
        wellFormed &= before == null;
      }
    }
  }

  /** What commas separate, but for those in a quoted path or value. */
  private static List<String> items(String text) {
    List<String> items = new ArrayList<>();
    int start = 0;
    boolean fresh = true; // at the start of a path or value
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && fresh) {
        i = Math.min(Quoted.end(text, i), text.length()) - 1;
      } else if (c == ',') {
        items.add(text.substring(start, i));
        start = i + 1;
      }
      fresh = c == ',' || c == '=';
    }
    items.add(text.substring(start));
    return items;
  }

  public static DataSpecText of(String text) {
    return new DataSpecText(text);
  }

  /** What stands before the colon. */
  public String name() {
    return name;
  }

  /** The file or folder, where one stands. */
  public Optional<Path> path() {
    known.add("");
    return paths.stream().findFirst().map(DataSpecText::plain).map(Path::of);
  }

  /** The name of an array or file, which may be quoted. */
  public Optional<String> named(String key) {
    return optional(key).map(DataSpecText::plain);
  }

  private static String plain(String item) {
    return Quoted.begins(item) ? Quoted.parse(item) : item;
  }

  /** The value of a setting, or {@code otherwise} where it is left out. */
  public <T> T one(String key, Function<String, T> parse, T otherwise) {
    return optional(key).map(parse).orElse(otherwise);
  }

  /** The value of a setting that has no default. */
  public <T> T required(String key, Function<String, T> parse) {
    Optional<String> value = optional(key);
    missing = value.isEmpty() ? key : missing;
    return value.map(parse).orElseThrow(() -> new IllegalArgumentException(key + " is missing"));
  }

  /** The value of a setting, where it stands. */
  public Optional<String> optional(String key) {
    known.add(key);
    return Optional.ofNullable(settings.get(key));
  }

  /**
   * Reads the whole text.
   *
   * @throws IllegalArgumentException if the reading does, or did not ask for a part of the text
   */
  public <T> T read(Function<DataSpecText, T> reading, String allowed) {
    try {
      T value = reading.apply(this);
      if (!wellFormed
          || !known.containsAll(settings.keySet())
          || paths.size() > (known.contains("") ? 1 : 0)) {
        throw new IllegalArgumentException("a setting that is unknown or stands twice");
      }
      return value;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("got " + Wording.quoted(text) + fault(allowed), e);
    }
  }

  /** What is wrong, the most specific thing that can be said, and what is expected. */
  private String fault(String allowed) {
    Map<String, String> forms = new LinkedHashMap<>(); // key=values, as in the allowed text
    SETTING.matcher(allowed).results().forEach(m -> forms.putIfAbsent(m.group(1), m.group()));
    for (String key : settings.keySet()) {
      if (!forms.isEmpty() && !forms.containsKey(key)) {
        return "; expected only the settings %s, not %s%s"
            .formatted(
                String.join(", ", forms.keySet()),
                Wording.quoted(key),
                Wording.didYouMean(key, forms.keySet()));
      }
    }
    return missing.isEmpty()
        ? "; expected " + allowed
        : " without %s; expected %s too".formatted(missing, forms.getOrDefault(missing, missing));
  }
}
