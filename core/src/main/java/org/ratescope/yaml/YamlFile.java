package org.ratescope.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ratescope.io.RegularFile;
import org.ratescope.spec.text.Wording;
import org.ratescope.yaml.YamlNode.Group;
import org.ratescope.yaml.YamlNode.Items;
import org.ratescope.yaml.YamlNode.Kind;
import org.ratescope.yaml.YamlNode.Nothing;
import org.ratescope.yaml.YamlNode.Scalar;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A YAML 1.2 document as {@link YamlNode}s. Only this class uses the YAML library. Size, depth and
 * the number of values (including those of aliases) are limited, so that a hostile file costs
 * little.
 */
public final class YamlFile {
  static final int MAX_BYTES = 1 << 20;
  static final int MAX_DEPTH = 16;
  static final int MAX_VALUES = 20_000;

  private static final int LONGEST_REASON = 300;

  private static final Map<Tag, Kind> KINDS =
      Map.of(Tag.STR, Kind.TEXT, Tag.INT, Kind.WHOLE, Tag.FLOAT, Kind.NUMBER, Tag.BOOL, Kind.TRUTH);

  private final String file;
  private final String keys;
  private final boolean isOption;
  private int values;

  private YamlFile(String file, String keys, boolean isOption) {
    this.file = file;
    this.keys = keys;
    this.isOption = isOption;
  }

  /**
   * Reads a file that contains a mapping.
   *
   * @param keys the expected keys, for error messages
   * @throws StudyFileException if the file is unreadable, is not valid YAML, or repeats a key
   */
  public static Group read(Path path, String keys) throws StudyFileException {
    return parse(path.toString(), text(path), keys);
  }

  /** Reads a text in the same way; error messages call it {@code file}. */
  public static Group parse(String file, String text, String keys) throws StudyFileException {
    return new YamlFile(file, keys, false).document(text);
  }

  /**
   * Reads a text that an option of the command line gives; error messages name the option and no
   * line.
   *
   * @param option the option with its value, as in {@code --set seed=1}
   */
  public static Group parseOption(String option, String text, String keys)
      throws StudyFileException {
    return new YamlFile(option, keys, true).document(text);
  }

  /** A line of this text. */
  private SourceLocation at(int line) {
    return new SourceLocation(file, isOption ? SourceLocation.OPTION : line, "");
  }

  private static String text(Path path) throws StudyFileException {
    SourceLocation place = new SourceLocation(path.toString(), 1, "");
    try (InputStream in = opened(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw place.problem("more than " + MAX_BYTES + " bytes", "a smaller file");
      }
      return decoded(bytes, path.toString());
    } catch (StudyFileException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new StudyFileException(path + ": no such file");
    } catch (AccessDeniedException e) {
      throw new StudyFileException(path + ": cannot be read: access denied");
    } catch (FileSystemException e) {
      throw new StudyFileException(path + ": cannot be read: " + e.getReason());
    } catch (IOException e) {
      throw new StudyFileException(path + ": cannot be read: " + e.getMessage());
    }
  }

  private static InputStream opened(Path path) throws IOException {
    RegularFile.require(path);
    return Files.newInputStream(path);
  }

  /** The text without a byte order mark. */
  private static String decoded(byte[] bytes, String file) throws StudyFileException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw new SourceLocation(file, line, "").problem("not UTF-8 text", "a YAML file in UTF-8");
    }
    String text = out.flip().toString();
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private Group document(String text) throws StudyFileException {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new CoreSchema())
            .setMaxAliasesForCollections(MAX_VALUES)
            .build();
    SourceLocation top = at(1);
    try {
      checkEvents(new Parse(settings).parseString(text));
      Optional<Node> root = new Compose(settings).composeString(text);
      YamlNode document = root.isEmpty() ? new Nothing(top) : setting(root.get(), top, 1);
      if (document instanceof Group group) {
        return group;
      }
      throw document.place().error(document.came(), "a mapping of the keys " + keys);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw at(line).unreadable("not valid YAML: " + oneLine(e.getProblem()));
    } catch (YamlEngineException e) {
      throw top.unreadable("not valid YAML: " + oneLine(String.valueOf(e.getMessage())));
    }
  }

  private static String oneLine(String message) {
    return Wording.shown(message.strip().replaceAll("\\s+", " "), LONGEST_REASON);
  }

  /**
   * The composer is recursive, and throws an exception without a line for a tag with spaces at its
   * ends, so both are checked on the events before composing.
   */
  private void checkEvents(Iterable<Event> events) throws StudyFileException {
    int depth = 0;
    for (Event event : events) {
      Optional<String> tag =
          event instanceof ScalarEvent scalar
              ? scalar.getTag()
              : event instanceof CollectionStartEvent start ? start.getTag() : Optional.empty();
      if (tag.isPresent() && !tag.get().trim().equals(tag.get())) {
        int line = event.getStartMark().map(Mark::getLine).orElse(0) + 1;
        throw at(line).unreadable("not valid YAML: a tag has spaces at its ends");
      }
      if (event instanceof CollectionStartEvent) {
        depth++;
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (depth > MAX_DEPTH) {
        int line = event.getStartMark().map(Mark::getLine).orElse(0) + 1;
        throw tooDeep(line);
      }
    }
  }

  private StudyFileException tooDeep(int line) {
    return at(line)
        .problem(
            "lists or mappings nested more than %d deep".formatted(MAX_DEPTH), "a flatter file");
  }

  /** Aliases make the node graph share nodes or contain itself, so both limits are necessary. */
  private YamlNode setting(Node node, SourceLocation place, int depth) throws StudyFileException {
    if (depth > MAX_DEPTH) {
      throw tooDeep(place.line());
    }
    if (++values > MAX_VALUES) {
      throw at(1)
          .problem(
              "more than %d values, counting those repeated by aliases".formatted(MAX_VALUES),
              "a smaller file");
    }
    if (node instanceof MappingNode mapping) {
      return group(mapping, place, depth);
    }
    if (node instanceof SequenceNode sequence) {
      return items(sequence, place, depth);
    }
    return scalar((ScalarNode) node, place);
  }

  private static YamlNode scalar(ScalarNode node, SourceLocation place) {
    return node.getTag().equals(Tag.NULL)
        ? new Nothing(place)
        : new Scalar(place, node.getValue(), KINDS.getOrDefault(node.getTag(), Kind.OTHER));
  }

  private Items items(SequenceNode node, SourceLocation place, int depth)
      throws StudyFileException {
    List<YamlNode> entries = new ArrayList<>();
    for (Node entry : node.getValue()) {
      entries.add(setting(entry, place.entry(entries.size() + 1, line(entry, place)), depth + 1));
    }
    return new Items(place, entries);
  }

  private Group group(MappingNode node, SourceLocation place, int depth) throws StudyFileException {
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      int keyLine = line(tuple.getKeyNode(), place);
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw place.under("?", keyLine).error("a list or mapping as a key", "a word");
      }
      SourceLocation child = place.under(key.getValue(), keyLine);
      YamlNode before = entries.get(key.getValue());
      if (before != null) {
        throw child.problem(
            "the same key is in line %d".formatted(before.place().line()), "each key once");
      }
      entries.put(key.getValue(), setting(tuple.getValueNode(), child, depth + 1));
    }
    return new Group(place, entries);
  }

  private int line(Node node, SourceLocation otherwise) {
    return isOption
        ? SourceLocation.OPTION
        : node.getStartMark().map(mark -> mark.getLine() + 1).orElse(otherwise.line());
  }
}
