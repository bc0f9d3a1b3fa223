package org.ratescope.catalogue;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.ratescope.study.Allowed;
import org.ratescope.study.Setting;
import org.ratescope.study.Setting.Group;
import org.ratescope.study.StudyFileException;
import org.ratescope.study.YamlFile;

/** The YAML form of a catalogue. */
final class CatalogueReader {
  private static final String SETS = "with the names of data sets";
  private static final List<String> SET_KEYS = List.of("about", "terms", "mirrors", "files");
  private static final List<String> FILE_KEYS =
      List.of("bytes", "sha256", "md5", "begins", "download", "also");

  private static final Pattern SET_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  /** Plain names: no separator, so that a catalogue cannot point outside a set's folder. */
  private static final Allowed<String> FILE_NAME =
      Allowed.matching(
          "a file name of letters, digits, '.', '_' and '-'",
          Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,126}"));

  private static final Allowed<String> REMOTE_NAME =
      Allowed.matching(
          "a relative address of letters, digits, '.', '_', '-', '%' and '/'",
          Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9_][A-Za-z0-9._%/-]{0,254}"));

  private static final Allowed<String> LINE =
      Allowed.matching("one line of text", Pattern.compile(".{1,400}"));
  private static final Allowed<Long> BYTES = Allowed.whole(1, 1L << 50);
  private static final Allowed<URI> MIRROR =
      Allowed.parsed("an address such as https://example.org/data/", CatalogueReader::mirror);
  private static final Allowed<String> BEGINS =
      Allowed.matching(
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
    for (Map.Entry<String, Setting> entry : root.entries().entrySet()) {
      String name = entry.getKey();
      if (!SET_NAME.matcher(name).matches()) {
        throw entry
            .getValue()
            .place()
            .problem(
                "a name that is not allowed",
                "a name of up to 64 lower-case letters, digits and '-'");
      }
      KnownSet before = known.get(name);
      Group group = entry.getValue().asGroup(SET_KEYS);
      sets.put(name, before == null ? fresh(name, group) : extended(before, group));
    }
    return sets;
  }

  private static KnownSet extended(KnownSet before, Group group) throws StudyFileException {
    for (Map.Entry<String, Setting> entry : group.entries().entrySet()) {
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
    String allowed = "a group with a key for each file";
    Setting files = group.required("files", allowed);
    if (!(files instanceof Group byName) || byName.entries().isEmpty()) {
      throw files.place().error(files.came(), allowed);
    }
    List<KnownFile> read = new ArrayList<>();
    for (Map.Entry<String, Setting> entry : byName.entries().entrySet()) {
      read.add(file(entry.getKey(), entry.getValue()));
    }
    return new KnownSet(
        name, group.one("about", LINE, ""), group.one("terms", LINE, ""), mirrors(group), read);
  }

  private static KnownFile file(String key, Setting setting) throws StudyFileException {
    String name = FILE_NAME.one(new Setting.Scalar(setting.place(), key, Setting.Kind.TEXT));
    Group group = setting.asGroup(FILE_KEYS);
    List<Checksum> checksums = new ArrayList<>();
    for (Checksum.Algorithm algorithm : Checksum.Algorithm.values()) {
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

  private static Allowed<Checksum> checksum(Checksum.Algorithm algorithm) {
    return Allowed.parsed(
        "the %s of the content in hexadecimal".formatted(algorithm),
        text -> new Checksum(algorithm, text.toLowerCase(Locale.ROOT)));
  }

  private static List<URI> mirrors(Group group) throws StudyFileException {
    Map<String, Setting> entries = new LinkedHashMap<>(group.entries());
    entries.computeIfPresent("mirrors", (key, given) -> withoutUser(given));
    return new Group(group.place(), entries).list("mirrors", MIRROR, List.of());
  }

  /**
   * The same without a user name and a password in addresses, also in those that are refused: they
   * are not sent, and must not be printed.
   */
  private static Setting withoutUser(Setting given) {
    return switch (given) {
      case Setting.Scalar address ->
          new Setting.Scalar(address.place(), withoutUser(address.text()), address.kind());
      case Setting.Items list ->
          new Setting.Items(
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
