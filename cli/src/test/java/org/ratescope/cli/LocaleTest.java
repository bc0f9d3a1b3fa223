package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.cli.process.ExitCode;

/**
 * Commands do the same in every locale, below a folder whose name has spaces, quotes and other
 * letters. The commands run in this process, whose locale the test chooses; {@code Main}, which
 * would choose {@link Locale#ROOT}, is left out, so that a user of the library is covered too.
 */
@Isolated("it changes the locale of the process")
class LocaleTest {
  private static final Locale OWN = Locale.getDefault();

  @TempDir static Path parent;
  private static Path folder = Path.of("");
  private static Path study = Path.of("");
  private static Map<String, String> usual = new TreeMap<>();

  @BeforeAll
  static void runInTheRootLocale() throws IOException {
    Locale.setDefault(Locale.ROOT);
    folder =
        Files.createDirectories(
            parent
                .resolve("pa th 'é' \"ß\" 中文")
                .resolve("x".repeat(200))
                .resolve("a,b=c;d %s $HOME"));
    study = Files.writeString(folder.resolve("my study.yaml"), STUDY);
    usual = outputs("usual");
    Locale.setDefault(OWN);
  }

  private static final String STUDY =
      """
      name: small
      data: {set: tetrominoes, resolution: 4}
      splits: [cv:0.5]
      architectures: [mlp:1x8]
      latent: 2
      objective: {beta: [0.1, 1]}
      restarts: 1
      training: {iterations: 20, batch: 16}
      evaluation: {examples: 64}
      """;

  @AfterEach
  void restore() {
    Locale.setDefault(OWN);
  }

  /** What each command prints, and the drawings and records of a results folder of that name. */
  private static Map<String, String> outputs(String name) throws IOException {
    Path results = folder.resolve("results " + name);
    Map<String, String> outputs = new TreeMap<>();
    List<List<String>> calls = new ArrayList<>();
    calls.add(List.of("run"));
    calls.add(List.of("status", "--json"));
    calls.add(
        List.of(
            "query",
            "select run, beta, count(*) as n from runs group by all order by run",
            "--csv"));
    calls.add(
        List.of("query", "select name, settings, examples from estimates order by all", "--json"));
    calls.add(List.of("figure", "rate-distortion", "--out", results.resolve("figures").toString()));
    calls.add(List.of("claims"));
    calls.add(List.of("answer"));
    calls.add(List.of("report"));
    calls.add(List.of("export", "--parquet", results.resolve("tables").toString()));
    for (List<String> call : calls) {
      List<String> arguments = new ArrayList<>(call);
      arguments.add(1, study.toString());
      arguments.addAll(List.of("--results", results.toString()));
      outputs.put(String.join(" ", call).replace(results.toString(), "R"), out(results, arguments));
    }
    outputs.put(
        "describe",
        out(
            results,
            List.of("data", "describe", "tetrominoes:resolution=4", "--images", "--json")));
    outputs.put(
        "describe --picture",
        out(
            results,
            List.of(
                "data",
                "describe",
                "tetrominoes:resolution=4",
                "--split",
                "cd:0.1",
                "--picture",
                results.resolve("near.png").toString())));
    outputs.put("list", out(results, List.of("data", "list", "--json")));
    String run = firstRecord(results);
    String vae = results.resolve("vae").toString();
    outputs.put(
        "export", out(results, List.of("export", run, "--pytorch", vae, "--onnx", vae, "--json")));
    String codes = results.resolve("codes.npz").toString();
    outputs.put("encode", out(results, List.of("encode", run, "--samples", "1", "--out", codes)));
    try (Stream<Path> files = Files.walk(results)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
        String ending = file.toString().replaceAll(".*\\.", "");
        if (List.of("svg", "csv", "html", "py").contains(ending)) {
          outputs.put(results.relativize(file).toString(), withoutCounts(Files.readString(file)));
        }
        outputs.merge(
            "files", withoutIds(results.relativize(file).toString()) + "\n", String::concat);
      }
    }
    return outputs;
  }

  private static String firstRecord(Path results) throws IOException {
    try (Stream<Path> records = Files.list(results.resolve("records"))) {
      return records
          .map(Path::toString)
          .filter(r -> r.endsWith(".json"))
          .sorted()
          .findFirst()
          .get();
    }
  }

  private static final Pattern EMBEDDED =
      Pattern.compile("data:image/svg\\+xml;base64,([A-Za-z0-9+/=]+)");

  private static String out(Path results, List<String> arguments) {
    Call call = Call.of(SharedCache.folder(), arguments.toArray(new String[0]));
    assertThat(call.code()).as("%s: %s", arguments, call.err()).isEqualTo(ExitCode.SUCCESS);
    return call.out()
        .replace(results.toString(), "R")
        .replace(results.getFileName().toString(), "R"); // quoted for a shell, or for JSON
  }

  /**
   * Vega counts the clips of a process, through all its drawings. A report has drawings in its
   * links too, in base 64.
   */
  private static String withoutCounts(String drawing) {
    return EMBEDDED
        .matcher(drawing)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    new String(Base64.getDecoder().decode(found.group(1)), StandardCharsets.UTF_8)))
        .replaceAll("clip[0-9]+", "clip");
  }

  /** Without the parts of a file name that depend on process and time. */
  private static String withoutIds(String name) {
    return Pattern.compile("[0-9]{5,}").matcher(name).replaceAll("N");
  }

  /**
   * Long: locales that differ from others as those of the next test do, and the two that Java takes
   * for C and POSIX.
   */
  @ParameterizedTest
  @Tag("long")
  @ValueSource(
      strings = {
        "de-DE",
        "fa-IR-u-nu-arabext",
        "th-TH-u-ca-buddhist-nu-thai",
        "en",
        "en-US-u-va-posix"
      })
  void commandsDoTheSameInMoreLocales(String tag) throws IOException {
    commandsDoTheSame(tag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tr-TR", "ar-EG-u-nu-arab"})
  void commandsDoTheSame(String tag) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(tag));
    Map<String, String> outputs = outputs(tag);

    assertThat(outputs.keySet()).isEqualTo(usual.keySet());
    usual.forEach((name, text) -> assertThat(outputs.get(name)).as(name).isEqualTo(text));
  }

  /** Without the launcher, which would choose a UTF-8 locale. */
  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX"})
  void aProcessDoesTheSame(String locale) throws Exception {
    List<String> arguments = List.of("data", "describe", "tetrominoes:resolution=4", "--json");
    Call child =
        ChildProcess.run(
            Map.of("LC_ALL", locale, "RATESCOPE_CACHE", parent.resolve("cache").toString()),
            parent,
            arguments.toArray(String[]::new));
    assertThat(child).isEqualTo(Call.of(parent.resolve("cache"), arguments.toArray(String[]::new)));
  }

  /** The name is not UTF-8, like that of a file from an older system. */
  @Test
  void aFileNameInLatin1IsRead() throws Exception {
    Path photos = Files.createDirectories(parent.resolve("photos"));
    for (int i = 0; i < 3; i++) {
      ImageIO.write(
          new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY),
          "png",
          photos.resolve(i + ".png").toFile());
    }
    Process copy =
        new ProcessBuilder("sh", "-c", "cp 0.png \"$(printf 'caf\\351.png')\"")
            .directory(photos.toFile())
            .start();
    assumeThat(copy.waitFor()).as("this file system takes UTF-8 names only").isZero();

    Call call =
        Call.of(
            parent.resolve("cache"),
            "data",
            "describe",
            "images:%s,size=4,colour=grey".formatted(photos),
            "--split",
            "cv:0.5",
            "--images",
            "--json");
    assertThat(call.code()).as(call.err()).isZero();
    assertThat(call.out()).contains("\"train\" : 2").contains("\"test\" : 2");
  }

  @Test
  void theseLocalesWouldWriteOtherwise() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    assertThat("%d".formatted(4)).isEqualTo("٤");
    Locale.setDefault(Locale.forLanguageTag("tr-TR"));
    assertThat("TITLE".toLowerCase(Locale.getDefault())).isEqualTo("tıtle");
  }
}
