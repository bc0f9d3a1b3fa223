package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.process.ExitCode;

/** The examples of docs/extending.md compile and run. */
class ExtendingTest {
  private static final Path PAGE = Path.of("..", "docs", "extending.md");
  private static final Pattern FILE =
      Pattern.compile("<!-- file: (\\S+) -->\\n```\\w*\\n(.*?)```", Pattern.DOTALL);

  /** A stand-in for 3dShapes of 60 pictures, made by h5py; see core's test resources. */
  private static final Path ROOMS =
      Path.of(
          "..",
          "core/src/test/resources/org/ratescope/dataset/format",
          "synthetic-3dshapes-chunked-gzip.h5");

  private static final String SERVICES = "META-INF/services/org.ratescope.estimate.Estimator";

  @TempDir static Path folder;

  /** Writes the files of the page. */
  @BeforeAll
  static void write() throws IOException {
    Matcher matcher = FILE.matcher(Files.readString(PAGE));
    while (matcher.find()) {
      Path file = folder.resolve(matcher.group(1));
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, matcher.group(2));
    }
    jar("plugins/code-norm.jar", Files.readString(folder.resolve("CodeNorm.java")), "CodeNorm");
  }

  /** Compiles a class of the package example into a jar that lists it as an estimator. */
  private static Path jar(String name, String source, String type) throws IOException {
    Path jar = folder.resolve(name);
    Path work = Files.createTempDirectory(folder, "classes");
    Path file = Files.writeString(work.resolve(type + ".java"), source);
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int compiled =
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler())
            .run(
                null,
                messages,
                messages,
                "-proc:none",
                "--release",
                "21",
                "-d",
                work.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                file.toString());
    assertThat(compiled).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    Files.createDirectories(Objects.requireNonNull(jar.getParent()));
    String entry = "example/" + type + ".class";
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(SERVICES));
      zip.write(("example." + type + "\n").getBytes(StandardCharsets.UTF_8));
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(Files.readAllBytes(work.resolve(entry)));
    }
    return jar;
  }

  private static Call call(String... words) {
    return Call.of(folder.resolve("cache"), words);
  }

  private static JsonNode json(Call call) throws IOException {
    assertThat(call.code()).as(call.err()).isEqualTo(ExitCode.SUCCESS);
    return new ObjectMapper().readTree(call.out());
  }

  private static boolean exists(String name) {
    return Files.exists(folder.resolve(name));
  }

  /** A command of the page about that study, with absolute paths. */
  private static Call command(String command, String study, String... more) throws IOException {
    Pattern line = Pattern.compile("(?m)^\\./ratescope (" + command + " .*" + study + ".*)$");
    Matcher matcher = line.matcher(Files.readString(PAGE));
    assertThat(matcher.find()).as("%s of %s", command, study).isTrue();
    List<String> words = new ArrayList<>();
    Matcher word = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(matcher.group(1));
    while (word.find()) {
      String text = word.group(1) == null ? word.group(2) : word.group(1);
      boolean path = text.matches("[a-z.]+") && !command.contains(text) && exists(text);
      words.add(path ? folder.resolve(text).toString() : text);
    }
    if (!command.startsWith("data ")) {
      words.addAll(List.of("--results", folder.resolve("results").toString()));
    }
    words.addAll(List.of(more));
    return call(words.toArray(String[]::new));
  }

  /** Records, SQL, forecast and figure have the values of an estimator in a jar. */
  @Test
  void anEstimatorInAJarIsLikeABuiltInOne() throws IOException {
    JsonNode forecast = json(command("plan", "codes.yaml", "--json"));
    Call run = command("run", "codes.yaml");
    Call again = command("evaluate", "codes.yaml");
    JsonNode rows = json(command("query", "codes.yaml", "--json"));
    Call figure = command("figure", "codes.yaml");

    assertThat(forecast.get("toTrain").intValue()).isEqualTo(6);
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(rows).hasSize(12);
    for (JsonNode row : rows) {
      assertThat(row.get("value").doubleValue()).isBetween(0.1, 10.0);
      assertThat(row.get("unit").textValue()).isEqualTo("latent units");
      String id = row.get("run").textValue();
      Path record = folder.resolve("results/records/" + id + ".json");
      assertThat(Files.readString(record)).contains("\"codeNorm\"");
    }
    assertThat(figure.code()).as(figure.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(folder.resolve("results/codes/figures/code-norm.svg")).content().contains("Norm");
    assertThat(json(command("claims", "codes.yaml", "--json")).get(0).get("numbers").textValue())
        .matches("rank correlation .* over 3 β; [0-9.]+ at β = 0.1");
    assertThat(folder.resolve("results/codes/figures/code-norm.csv")).content().hasLineCount(7);
  }

  /** An HDF5 array with named factors becomes a data set by one entry of a catalogue. */
  @Test
  void aDataSetIsAnEntryOfTheCatalogue() throws IOException {
    Path catalogue = folder.resolve("datasets.yaml");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] content = Files.readAllBytes(ROOMS);
    server.createContext(
        "/rooms/rooms.h5",
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
    server.start();
    try {
      String mirror = "http://localhost:%d/rooms/".formatted(server.getAddress().getPort());
      Files.writeString(
          catalogue,
          Files.readString(catalogue).replace("https://data.example.org/rooms/", mirror));
      assertThat(json(command("data get", "rooms", "--json")).toString()).contains("downloaded");
    } finally {
      server.stop(0);
    }
    JsonNode description =
        json(command("data describe", "rooms", "--split", "heldout:2", "--json"));
    Call run = command("run", "rooms.yaml");
    Call other =
        call("data", "describe", "rooms:size=8,colour=rgb", "--catalogue", catalogue.toString());
    Call unknown = call("data", "describe", "rooms:size=16,colour=rgb");

    assertThat(description.toString()).contains("\"floor\"", "\"wall\"", "\"angle\"");
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(run.out()).contains("finished  2");
    assertThat(other.err())
        .contains("got rooms:size=8,colour=rgb; expected size=64x64 or [32, 16],colour=rgb");
    assertThat(unknown.err()).contains("no catalogue describes the data set rooms; expected");
  }

  /** A jar beside a study is a stranger's code: it is named, and not loaded. */
  @Test
  void aJarBesideAStudyIsNamedAndNotLoaded() throws IOException {
    Files.copy(folder.resolve("codes.yaml"), folder.resolve("alone.yaml"));
    Call plan = call("plan", folder.resolve("alone.yaml").toString(), "--quick");

    assertThat(plan.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(plan.err())
        .contains("got \"codeNorm\"; expected distortion, rate, elbo, ")
        .contains("; plugins/code-norm.jar beside the study may have it: '--plugins ")
        .endsWith("plugins' loads that code, if you trust it\n");
  }

  /** Each mistake about a jar is an error of one line that names the jar. */
  @Test
  void aJarThatCannotBeUsedIsNamed() throws IOException {
    String source = Files.readString(folder.resolve("CodeNorm.java"));
    Path clash = jar("clash.jar", source.replace("\"codeNorm\"", "\"rate\""), "CodeNorm");
    Path odd = jar("odd.jar", source.replace("\"codeNorm\"", "\"code norm\""), "CodeNorm");
    Path secret = jar("secret.jar", source.replace("public final", "final"), "CodeNorm");
    Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
    Path empty = folder.resolve("empty.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(empty))) {
      zip.putNextEntry(new ZipEntry("README"));
    }

    assertRefused(clash, "the name \"rate\" of an estimator exists already; expected another name");
    assertRefused(odd, "an estimator has the name \"code norm\"; expected a letter, then up to 63");
    assertRefused(secret, "org.ratescope.estimate.Estimator: ");
    assertRefused(text, "it is not a jar file");
    assertRefused(empty, "no estimator is listed in " + SERVICES);
    assertRefused(folder.resolve("none.jar"), "there is no such file, and no folder with");
    String twice = folder.resolve("plugins").toString();
    Call both =
        call(
            "status",
            folder.resolve("codes.yaml").toString(),
            "--plugins",
            twice,
            "--plugins",
            twice);
    assertThat(both.err()).contains("code-norm.jar cannot be used: the name \"codeNorm\"");
  }

  private static void assertRefused(Path jar, String reason) {
    Call call =
        call("status", folder.resolve("codes.yaml").toString(), "--plugins", jar.toString());
    assertThat(call.code()).isNotEqualTo(ExitCode.SUCCESS);
    assertThat(call.err())
        .startsWith("ratescope: plug-in " + jar + " cannot be used: " + reason)
        .hasLineCount(1);
  }
}
