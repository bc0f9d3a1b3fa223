package org.ratescope.dataset.catalogue;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ratescope.spec.data.CatalogueImages;
import org.ratescope.yaml.StudyFileException;
import org.ratescope.yaml.ValueParser;
import org.ratescope.yaml.YamlFile;
import org.ratescope.yaml.YamlNode;
import org.ratescope.yaml.YamlNode.Group;

/** The YAML form of a catalogue. */
final class CatalogueReader {
  private static final String SETS = "with the names of data sets";
  private static final List<String> SET_KEYS =
      List.of("about", "terms", "mirrors", "files", "images");
  private static final List<String> FILE_KEYS =
      List.of("bytes", "sha256", "md5", "begins", "download", "also");

  /** Plain names: no separator, so that a catalogue cannot point outside a set's folder. */
  private static final ValueParser<String> FILE_NAME =
      ValueParser.matching(
          "a file name of letters, digits, '.', '_' and '-'",
          Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,126}"));

  private static final ValueParser<String> REMOTE_NAME =
      ValueParser.matching(
          "a relative address of letters, digits, '.', '_', '-', '%' and '/'",
          Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9_](?:[A-Za-z0-9._/-]|%[0-9A-Fa-f]{2}){0,254}"));

  private static final ValueParser<String> LINE =
      ValueParser.matching("one line of text", Pattern.compile(".{1,400}"));
  private static final ValueParser<Long> BYTES = ValueParser.whole(1, 1L << 50);
  private static final ValueParser<URI> MIRROR =
      ValueParser.parsed("an address such as https://example.org/data/", CatalogueReader::mirror);
  private static final ValueParser<String> BEGINS =
      ValueParser.matching(
              "1 to 16 bytes, two hexadecimal digits each, such as 00000803",
              Pattern.compile("([0-9A-Fa-f]{2}){1,16}"))
          .map(hex -> hex.toLowerCase(Locale.ROOT));

  private final Map<String, KnownSet> known;

  private CatalogueReader(Map<String, KnownSet> known) {
    this.known = known;
  }

  /** Sets that a file adds or gives more mirrors to. */
  static Map<String, KnownSet> read(Path file, Map<String, KnownSet> known)
      throws StudyFileException {
    return new CatalogueReader(known).sets(YamlFile.read(file, SETS));
  }

  static Map<String, KnownSet> parse(String file, String text, Map<String, KnownSet> known)
      throws StudyFileException {
    return new CatalogueReader(known).sets(YamlFile.parse(file, text, SETS));
  }

  private Map<String, KnownSet> sets(Group root) throws StudyFileException {
    Map<String, KnownSet> sets = new LinkedHashMap<>();
    for (Map.Entry<String, YamlNode> entry : root.entries().entrySet()) {
      String name = entry.getKey();
      requireName(entry.getValue(), name);
      KnownSet before = known.get(name);
      Group group = entry.getValue().asGroup(SET_KEYS);
      sets.put(name, before == null ? fresh(name, group) : extended(before, group));
    }
    return sets;
  }

  private static void requireName(YamlNode set, String name) throws StudyFileException {
    try {
      CatalogueImages.requireName(name);
    } catch (IllegalArgumentException e) {
      throw set.place().problem("a name that is not allowed", CatalogueImages.NAMES);
    }
  }

  private static KnownSet extended(KnownSet before, Group group) throws StudyFileException {
    for (Map.Entry<String, YamlNode> entry : group.entries().entrySet()) {
      if (!entry.getKey().equals("mirrors")) {
        throw entry
            .getValue()
            .place()
            .error(
                entry.getKey() + " of a set that is known already",
                "only mirrors; a set of your own needs a name of its own");
      }
    }
    return before.withMirrors(mirrors(group));
  }

  private static KnownSet fresh(String name, Group group) throws StudyFileException {
    String allowed = "a mapping with a key for each file";
    YamlNode files = group.required("files", allowed);
    if (!(files instanceof Group byName) || byName.entries().isEmpty()) {
      throw files.place().error(files.came(), allowed);
    }
    List<KnownFile> read = new ArrayList<>();
    for (Map.Entry<String, YamlNode> entry : byName.entries().entrySet()) {
      read.add(file(entry.getKey(), entry.getValue()));
    }
    return new KnownSet(
        name,
        group.one("about", LINE, ""),
        group.one("terms", LINE, ""),
        mirrors(group),
        read,
        images(group, read));
  }

  private static Optional<ImageDescription> images(Group group, List<KnownFile> files)
      throws StudyFileException {
    YamlNode node = group.entries().get("images");
    return node == null
        ? Optional.empty()
        : Optional.of(
            ImageDescriptionReader.read(node, files.stream().map(KnownFile::name).toList()));
  }

  private static KnownFile file(String key, YamlNode setting) throws StudyFileException {
    String name = FILE_NAME.one(new YamlNode.Scalar(setting.place(), key, YamlNode.Kind.TEXT));
    Group group = setting.asGroup(FILE_KEYS);
    List<ContentDigest> checksums = new ArrayList<>();
    for (ContentDigest.Algorithm algorithm : ContentDigest.Algorithm.values()) {
      if (group.entries().containsKey(algorithm.key())) {
        checksums.add(checksum(algorithm).one(group.required(algorithm.key(), "")));
      }
    }
    return new KnownFile(
        name,
        group.list("also", FILE_NAME, List.of()),
        group.one("download", REMOTE_NAME, name),
        BYTES.one(group.required("bytes", BYTES.sentence())),
        group.one("begins", BEGINS, ""),
        checksums);
  }

  private static ValueParser<ContentDigest> checksum(ContentDigest.Algorithm algorithm) {
    return ValueParser.parsed(
        "the %s of the content in hexadecimal".formatted(algorithm),
        text -> new ContentDigest(algorithm, text.toLowerCase(Locale.ROOT)));
  }

  private static List<URI> mirrors(Group group) throws StudyFileException {
    Map<String, YamlNode> entries = new LinkedHashMap<>(group.entries());
    entries.computeIfPresent("mirrors", (key, given) -> withoutUser(given));
    return new Group(group.place(), entries).list("mirrors", MIRROR, List.of());
  }

  /**
   * The same without a user name and a password in addresses, also in those that are refused: they
   * are not sent, and must not be printed.
   */
  private static YamlNode withoutUser(YamlNode given) {
    return switch (given) {
      case YamlNode.Scalar address ->
          new YamlNode.Scalar(address.place(), withoutUser(address.text()), address.kind());
      case YamlNode.Items list ->
          new YamlNode.Items(
              list.place(), list.entries().stream().map(CatalogueReader::withoutUser).toList());
      default -> given;
    };
  }

  private static String withoutUser(String address) {
    String usual = address.replaceFirst("//[^/?#]*@", "//");
    try {
      URI unused = mirror(usual);
      return usual;
    } catch (IllegalArgumentException e) {
      return usual.replaceFirst("(//|:).*@", "$1"); // a password may hold what separates
    }
  }

  private static URI mirror(String text) {
    URI uri = URI.create(text.endsWith("/") ? text : text + "/");
    boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
    if (!web || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
      throw new IllegalArgumentException("no address of a folder on the web: " + text);
    }
    return uri;
  }
}
