package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.model.likelihood.PixelDistribution;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.PluginJars;
import org.ratescope.spec.RunRandom;

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

  private static final String RECORDS = "results/records/";
  private static final String SERVICES = "META-INF/services/";
  private static final String ESTIMATOR = SERVICES + "org.ratescope.estimate.Estimator";
  private static final String LIKELIHOOD = SERVICES + "org.ratescope.spec.Likelihood";
  private static final String ARCHITECTURE = SERVICES + "org.ratescope.spec.Architecture";

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
    jar("plugins/code-norm.jar", Map.of("CodeNorm", text("CodeNorm.java")), ESTIMATOR);
    jar("parts.jar", parts(), LIKELIHOOD, ARCHITECTURE);
  }

  /** The sources of the page's model parts by class. */
  private static Map<String, String> parts() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String type : List.of("Laplace", "LayerNorm", "SkipMlp")) {
      sources.put(type, text(type + ".java"));
    }
    return sources;
  }

  private static String text(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  /** Compiles classes of the package example into a jar, with those lists of the page. */
  private static Path jar(String name, Map<String, String> sources, String... lists)
      throws IOException {
    Path jar = folder.resolve(name);
    Path work = Files.createTempDirectory(folder, "classes");
    List<String> words = new ArrayList<>(List.of("-proc:none", "--release", "21"));
    words.addAll(List.of("-d", work.toString(), "-cp", System.getProperty("java.class.path")));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = work.resolve(source.getKey() + ".java");
      words.add(Files.writeString(file, source.getValue()).toString());
    }
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int compiled =
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler())
            .run(null, messages, messages, words.toArray(String[]::new));
    assertThat(compiled).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    Files.createDirectories(Objects.requireNonNull(jar.getParent()));
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar));
        DirectoryStream<Path> classes = Files.newDirectoryStream(work.resolve("example"))) {
      for (String list : lists) {
        zip.putNextEntry(new ZipEntry(list));
        zip.write(Files.readAllBytes(folder.resolve(list)));
      }
      for (Path file : classes) {
        zip.putNextEntry(new ZipEntry("example/" + file.getFileName()));
        zip.write(Files.readAllBytes(file));
      }
    }
    return jar;
  }

  private static Call call(String... words) {
    return Call.of(SharedCache.folder(), words);
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

  /** Records, SQL and figures have the runs of an architecture and a likelihood in a jar. */
  @Test
  void modelPartsInAJarAreLikeBuiltInOnes() throws IOException {
    Call run = command("run", "parts.yaml");
    Call figure = command("figure", "parts.yaml");
    JsonNode rows = json(command("query", "parts.yaml", "--json"));

    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(run.out()).contains("finished  8");
    assertThat(figure.code()).as(figure.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(folder.resolve("results/parts/figures/rate-distortion.svg"))
        .content()
        .contains("2-layer skip MLP (16 units)", "Laplace (scale 0.1)");
    assertThat(rows).hasSize(8);
    for (JsonNode row : rows) {
      String id = row.get("run").textValue();
      JsonNode estimates =
          new ObjectMapper().readTree(text(RECORDS + id + ".json")).get("estimates");
      assertThat(estimates).hasSize(4);
      assertThat(estimates).allMatch(estimate -> Double.isFinite(estimate.get("value").asDouble()));
      if (row.get("architecture").textValue().equals("skip-mlp:2x16")
          && row.get("likelihood").textValue().equals("laplace:0.1")) {
        JsonNode evaluated = json(evaluation(id)).get("estimates").get(0);
        assertThat(evaluated.get("value").doubleValue())
            .isCloseTo(estimates.get(0).get("value").doubleValue(), withinPercentage(1e-4));
      }
    }
  }

  /** The distortion of a run's weights as of a model trained elsewhere. */
  private static Call evaluation(String id) {
    String images = "tetrominoes:resolution=4:cv:0.5";
    List<String> words = new ArrayList<>(List.of("evaluate", "--only", "distortion", "--json"));
    words.addAll(List.of("--architecture", "skip-mlp:2x16", "--likelihood", "laplace:0.1"));
    words.addAll(List.of("--latent", "2", "--precision", "float64", "--seed", "0"));
    words.addAll(List.of("--train", images, "--test", images, "--examples", "64"));
    words.addAll(List.of("--plugins", folder.resolve("parts.jar").toString()));
    words.addAll(
        List.of("--weights", folder.resolve("results/weights/" + id + ".safetensors").toString()));
    return call(words.toArray(String[]::new));
  }

  /** The values of a Laplace density in closed form, and its gradient by central differences. */
  @Test
  void theLikelihoodOfThePageIsADensity() throws IOException {
    PluginJars.open(folder.resolve("parts.jar"));
    PixelDistribution laplace = PixelDistribution.of(Likelihood.parse("laplace:0.25"));
    double[] y = {0.2, 0.9, 0.4};
    try (PointerScope scope = new PointerScope()) {
      Tensor x = values(0.5, 0.5, 0);
      assertThat(nats(laplace, values(y), x))
          .isCloseTo((0.3 + 0.4 + 0.4) / 0.25 + 3 * Math.log(0.5), within(1e-12));
      Tensor gradient = values(0, 0, 0);
      laplace.gradient(values(y), x, gradient);
      for (int i = 0; i < y.length; i++) {
        double[] more = y.clone();
        double[] less = y.clone();
        more[i] += 1e-6;
        less[i] -= 1e-6;
        double slope = (nats(laplace, values(more), x) - nats(laplace, values(less), x)) / 2e-6;
        assertThat(gradient.view(-1).get(i).item_double()).isCloseTo(slope, within(1e-6));
      }
    }
  }

  /** The mean distance of draws from the location is the scale; half of them lie below. */
  @Test
  void theLikelihoodOfThePageIsDrawnFrom() throws IOException {
    PluginJars.open(folder.resolve("parts.jar"));
    PixelDistribution laplace = PixelDistribution.of(Likelihood.parse("laplace:0.25"));
    RunRandom random = RunRandom.named(3, "laplace", 0);
    int draws = 40_000;
    double distance = 0;
    int below = 0;
    for (int i = 0; i < draws; i++) {
      double drawn = laplace.sample(0.6, random, i);
      distance += Math.abs(drawn - 0.6) / draws;
      below += drawn < 0.6 ? 1 : 0;
    }
    assertThat(distance).isCloseTo(0.25, within(4 * 0.25 / Math.sqrt(draws))); // z = 4
    assertThat((double) below / draws).isCloseTo(0.5, within(4 * 0.5 / Math.sqrt(draws)));
  }

  /** [1, 1, D] */
  private static Tensor values(double... values) {
    return Tensor.create(values, 1, 1, values.length);
  }

  private static double nats(PixelDistribution likelihood, Tensor output, Tensor x) {
    return likelihood.distortion(output, x).item_double();
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

  /** Commands that read any record or study of it load the jar too. */
  @Test
  void commandsAboutSeveralStudiesHaveTheOption() throws IOException {
    String study = folder.resolve("parts.yaml").toString();
    Path results = Files.createDirectories(folder.resolve("none/records")).resolveSibling("");
    for (String[] words :
        new String[][] {
          {"compare", study, study},
          {"clean", results.toString(), "--studies", folder.toString()},
          {"ls", folder.toString()}
        }) {
      List<String> all = new ArrayList<>(List.of(words));
      all.addAll(List.of("--plugins", folder.resolve("parts.jar").toString()));
      Call call = call(all.toArray(String[]::new));
      assertThat(call.code()).as(call.err()).isZero();
      assertThat(call.out()).doesNotContain("not read");
    }
  }

  /** Each mistake about a jar is an error of one line that names the jar. */
  @Test
  void aJarThatCannotBeUsedIsNamed() throws IOException {
    Path clash = changed("clash.jar", "\"codeNorm\"", "\"rate\"");
    Path odd = changed("odd.jar", "\"codeNorm\"", "\"code norm\"");
    Path secret = changed("secret.jar", "public final", "final");
    Map<String, String> parts = parts();
    parts.replaceAll((type, source) -> source.replace("\"skip-mlp\"", "\"mlp\""));
    Path mlp = jar("mlp.jar", parts, ARCHITECTURE);
    Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
    Path empty = folder.resolve("empty.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(empty))) {
      zip.putNextEntry(new ZipEntry("README"));
    }

    assertRefused(clash, "the name \"rate\" of an estimator exists already; expected another name");
    assertRefused(odd, "an estimator has the name \"code norm\"; expected a letter, then up to 63");
    assertRefused(secret, "org.ratescope.estimate.Estimator: ");
    assertRefused(text, "it is not a jar file");
    assertRefused(
        empty, "it lists no estimator, architecture, likelihood or prior in META-INF/services");
    assertRefused(
        mlp, "the name \"mlp\" of the architecture exists already; expected another name");
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

  /** The jar of the estimator with one change. */
  private static Path changed(String jar, String from, String to) throws IOException {
    return jar(jar, Map.of("CodeNorm", text("CodeNorm.java").replace(from, to)), ESTIMATOR);
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
