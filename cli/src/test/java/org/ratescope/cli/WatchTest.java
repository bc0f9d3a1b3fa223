package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.live.LivePage;
import org.ratescope.page.Browser;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;
import org.ratescope.sweep.LocalRunner;
import picocli.CommandLine;

/** Real studies that take seconds, with listeners. */
@Timeout(300)
class WatchTest {
  private static final String STUDY =
      """
      title: A study to be watched
      data: {set: tetrominoes, resolution: 4}
      splits: [cv:0.5]
      architectures: [mlp:1x8, mlp:2x8]
      latent: 2
      objective: {beta: [0.1, 1, 1e39]}
      restarts: 1
      training: {iterations: 60, batch: 16}
      evaluation: {examples: 64}
      """;

  @TempDir Path folder;

  private Path study() throws IOException {
    return Files.writeString(folder.resolve("watched.yaml"), STUDY);
  }

  /** A command in this process whose messages can be read during its work. */
  private static final class Running {
    private final StringWriter err = new StringWriter();
    private final CompletableFuture<Integer> code;

    Running(Map<String, String> environment, String... arguments) {
      Environment surroundings = new Environment(environment, Path.of(".."), false, Path.of("."));
      CommandLine line = RatescopeCommand.commandLine(surroundings);
      line.setOut(new PrintWriter(new StringWriter()));
      line.setErr(new PrintWriter(err));
      code = CompletableFuture.supplyAsync(() -> line.execute(arguments));
    }

    /** What the pattern's group matched in the messages, once it does. */
    String await(String pattern) throws Exception {
      Pattern wanted = Pattern.compile(pattern);
      for (int i = 0; i < 6000; i++) {
        Matcher matcher = wanted.matcher(err.toString());
        if (matcher.find()) {
          return matcher.group(1);
        }
        Thread.sleep(10);
      }
      throw new IOException("never said " + pattern + ": " + err);
    }
  }

  private String[] run(String... more) throws IOException {
    return Stream.concat(
            Stream.of(
                "run",
                study().toString(),
                "--results",
                folder.resolve("results").toString(),
                "--cache",
                SharedCache.folder().toString()),
            Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void aRunUpdatesAllRequestedListeners() throws Exception {
    Path board = folder.resolve("board");
    Running running = new Running(Map.of(), run("--serve", "0", "--tensorboard", board.toString()));
    URI page = URI.create(running.await("live page: (http://127\\.0\\.0\\.1:\\d+/)"));
    JsonNode end = MAPPER.createObjectNode();
    int changes = 0;
    try (BufferedReader events =
        new BufferedReader(
            new InputStreamReader(
                page.resolve("events").toURL().openStream(), StandardCharsets.UTF_8))) {
      String name = "";
      for (String line = events.readLine(); line != null; line = events.readLine()) {
        name = line.startsWith("event: ") ? line.substring(7) : name;
        changes += line.equals("event: change") ? 1 : 0;
        end = line.startsWith("data: ") && name.equals("end") ? json(line.substring(6)) : end;
      }
    }
    assertThat(running.code.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.FAILED);
    assertThat(running.err.toString()).doesNotContain("is off", "warning");
    assertThat(changes).isPositive();
    assertThat(end.get("finished").booleanValue()).isTrue();
    assertThat(end.get("words").textValue())
        .contains(folder.resolve("results/watched/report.html").toString());
    Study study = StudyFile.read(study());
    for (RunSpec spec : study.runs()) {
      try (Stream<Path> files = Files.list(board.resolve("watched").resolve(spec.id().hex()))) {
        assertThat(files).hasSize(1).allMatch(file -> file.toFile().length() > 1000);
      }
    }
  }

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static JsonNode json(String text) throws IOException {
    return MAPPER.readTree(text);
  }

  @Test
  void anMlflowServerThatRefusesIsOnlyReported() throws Exception {
    List<String> authorizations = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(403, -1);
          exchange.close();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    Running running = new Running(Map.of("MLFLOW_TRACKING_TOKEN", "secret"), run("--mlflow", url));
    int code = running.code.get(200, TimeUnit.SECONDS);
    server.stop(0);

    assertThat(code).as("the diverged runs, not MLflow").isEqualTo(ExitCode.FAILED);
    assertThat(authorizations).containsExactly("Bearer secret");
    assertThat(running.err.toString().lines())
        .contains(
            "MLflow at %s is off: experiments/get-by-name was answered with 403".formatted(url));
    assertThat(running.err.toString()).doesNotContain("secret");
    try (Stream<Path> records = Files.list(folder.resolve("results/records"))) {
      assertThat(records).hasSize(6);
    }
  }

  @Test
  void theDocumentedOptionsExist() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "watching.md"));
    List<String> named =
        Pattern.compile("--(?:serve|tensorboard|mlflow)[a-z-]*")
            .matcher(document)
            .results()
            .map(MatchResult::group)
            .distinct()
            .toList();
    Call help = Call.of(folder, "run", "--help");
    assertThat(named)
        .containsExactlyInAnyOrder(
            "--serve", "--serve-host", "--tensorboard", "--mlflow", "--mlflow-experiment");
    assertThat(help.out().lines().map(String::strip).map(line -> line.split("[= ]", 2)[0]))
        .containsAll(named);
  }

  @Test
  void usageErrorsEndBeforeAnyWork() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertWrong(
          "ratescope: --serve %d: cannot listen on 127.0.0.1: ".formatted(taken.getLocalPort()),
          "--serve",
          String.valueOf(taken.getLocalPort()));
    }
    assertWrong(
        "ratescope run: --serve: got 65536; expected a port from 0 to 65535", "--serve", "65536");
    assertWrong(
        "ratescope run: Invalid value for option '--serve': 'x' is not an int", "--serve", "x");
    assertWrong(
        "ratescope: --serve-host no such host: no such host",
        "--serve",
        "0",
        "--serve-host",
        "no such host");
    assertWrong(
        "ratescope run: --mlflow: got \"localhost:5000\"; expected an http or https address, for"
            + " example http://localhost:5000",
        "--mlflow",
        "localhost:5000");
    assertWrong(
        "ratescope run: --mlflow: got \"http://:5000\"; expected an http",
        "--mlflow",
        "http://:5000");
    assertWrong("ratescope run: --mlflow: got ", "--mlflow", "http://a/?b");
    assertWrong(
        "ratescope run: --mlflow must not contain a user name or a password\n",
        "--mlflow",
        "http://me:word@host");
    assertWrong("ratescope: --serve-host has no effect without --serve", "--serve-host", "::1");
    assertWrong(
        "ratescope: --mlflow-experiment has no effect without --mlflow",
        "--mlflow-experiment",
        "e");
  }

  private void assertWrong(String beginning, String... options) throws Exception {
    Running running = new Running(Map.of(), run(options));
    assertThat(running.code.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(running.err.toString()).startsWith(beginning);
    assertThat(folder.resolve("results")).doesNotExist();
  }

  @Test
  void aPageForOtherMachinesHasAWarning() throws Exception {
    Running running = new Running(Map.of(), run("--serve", "0", "--serve-host", "0.0.0.0"));
    String said = running.await("(warning: .*\n.*\n)");
    assertThat(said)
        .startsWith("warning: the live page listens on 0.0.0.0; everybody who can connect can read")
        .contains("live page: http://localhost:");
    assertThat(running.code.get(200, TimeUnit.SECONDS)).isEqualTo(ExitCode.FAILED);
  }

  /** Delays a sweep until a page is connected. */
  private record Gate(CountDownLatch opened) implements Progress {
    @Override
    public void accept(ProgressEvent event) {
      switch (event) {
        case ProgressEvent.RunsStarted ignored -> {
          try {
            assertThat(opened.await(120, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        }
        default -> {}
      }
    }
  }

  @Test
  @Tag("browser")
  void aBrowserSeesARealStudy() throws Exception {
    Path executable = Browser.find();
    assumeTrue(executable != null, "skipped: this machine has no Chromium");
    Study study = StudyFile.read(study());
    RecordStore store = RecordStore.at(folder.resolve("results"));
    List<String> notes = new CopyOnWriteArrayList<>();
    CountDownLatch opened = new CountDownLatch(1);
    Path profile = Files.createDirectory(folder.resolve("profile"));
    try (LivePage page =
            LivePage.open("127.0.0.1", 0, Suite.of(study), store, "Report: here.", notes::add);
        Browser browser =
            Browser.open(Objects.requireNonNull(executable), profile, page.address())) {
      CompletableFuture<Void> work =
          CompletableFuture.runAsync(
              () ->
                  sweep(study, store, Progress.toAll(List.of(page.progress(), new Gate(opened)))));
      browser.show(1280, "light");
      browser.await(
          "typeof live !== 'undefined' && live.stage.runs === 6 && live.stage.running > 0");
      opened.countDown();
      work.get(200, TimeUnit.SECONDS);
      page.close();
      browser.await("document.documentElement.classList.contains('finished')");
      for (int width : List.of(1280, 390)) {
        browser.show(width, "light");
        browser.await(
            "innerWidth === %d && document.getElementById('rate-distortion').dataset.rows === '8'"
                .formatted(width));
        assertThat(text(browser, "#failures"))
            .contains("Failures (2)")
            .contains("the loss became non-finite in the update numbered ")
            .contains("betaKl=1.0E39");
        assertThat(text(browser, "#facts"))
            .contains("4 / 6")
            .contains("diverged 2")
            .contains("failed 0");
        assertThat(text(browser, "#cohort-table")).contains("60 of 60", "1 not finished");
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
            .isLessThanOrEqualTo(width);
        browser.screenshot(Path.of("target/screenshots/live-%d.png".formatted(width)), width);
      }
      assertThat(browser.complaints()).isEmpty();
    }
    assertThat(notes).isEmpty();
  }

  private static String text(Browser browser, String selector) throws Exception {
    return browser
        .evaluate("document.querySelector('%s').innerText".formatted(selector))
        .asText()
        .replaceAll("\\s+", " ");
  }

  private void sweep(Study study, RecordStore store, Progress progress) {
    try {
      int unused =
          LocalRunner.of(store, SharedCache.folder())
              .run(Planner.of(store, 2).plan(study), progress);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
