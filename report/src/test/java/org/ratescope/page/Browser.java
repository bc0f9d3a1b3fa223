package org.ratescope.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A headless Chromium driven through its DevTools protocol. */
public final class Browser implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger last = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> replies = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  private Browser(Process process, String address) {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address), new Listener())
            .join();
  }

  /** The browser of this machine, or null when there is none. */
  public static @Nullable Path find() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** Opens a page in a file. */
  static Browser open(Path executable, Path profile, Path page) throws Exception {
    return open(executable, profile, page.toUri());
  }

  /** Opens the page at an address. */
  public static Browser open(Path executable, Path profile, URI page) throws Exception {
    Process process =
        new ProcessBuilder(
                executable.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-checker-imaging",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log.txt").toFile())
            .start();
    try {
      Browser browser = new Browser(process, address(profile));
      browser.attach();
      browser.call("Page.navigate", node().put("url", page.toString()));
      return browser;
    } catch (Exception | Error e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static String address(Path profile) throws Exception {
    Path file = profile.resolve("DevToolsActivePort");
    for (int i = 0; i < PATIENCE.toSeconds() * 10; i++) {
      if (Files.exists(file) && Files.readAllLines(file).size() >= 2) {
        List<String> lines = Files.readAllLines(file);
        return "ws://127.0.0.1:" + lines.get(0) + lines.get(1);
      }
      Thread.sleep(100);
    }
    throw new IOException(
        "Chromium did not start: " + Files.readString(profile.resolve("log.txt")));
  }

  private String session = "";

  private void attach() throws Exception {
    JsonNode targets = call("Target.getTargets", node()).required("targetInfos");
    String target = "";
    for (JsonNode info : targets) {
      if (info.required("type").asText().equals("page")) {
        target = info.required("targetId").asText();
      }
    }
    session =
        call("Target.attachToTarget", node().put("targetId", target).put("flatten", true))
            .required("sessionId")
            .asText();
    call("Runtime.enable", node());
    call("Log.enable", node());
    call("Page.enable", node());
    call("Performance.enable", node().put("timeDomain", "threadTicks"));
  }

  /** Processor time of the page's main thread so far, regardless of other load. */
  double processorSeconds() throws Exception {
    for (JsonNode metric : call("Performance.getMetrics", node()).required("metrics")) {
      if (metric.required("name").asText().equals("TaskDuration")) {
        return metric.required("value").asDouble();
      }
    }
    throw new IOException("Chromium does not tell TaskDuration");
  }

  static ObjectNode node() {
    return MAPPER.createObjectNode();
  }

  JsonNode call(String method, ObjectNode parameters) throws Exception {
    int id = last.incrementAndGet();
    CompletableFuture<JsonNode> reply = new CompletableFuture<>();
    replies.put(id, reply);
    ObjectNode message = node().put("id", id).put("method", method);
    message.set("params", parameters);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    socket.sendText(message.toString(), true).join();
    JsonNode answer = reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (answer.has("error")) {
      throw new IOException(method + ": " + answer.get("error"));
    }
    return answer.required("result");
  }

  /** Shows the page at a width, with the light or the dark theme. */
  public void show(int width, String theme) throws Exception {
    resize(width, 900);
    ObjectNode media = node();
    media.putArray("features").addObject().put("name", "prefers-color-scheme").put("value", theme);
    call("Emulation.setEmulatedMedia", media);
  }

  private void resize(int width, int height) throws Exception {
    ObjectNode size = node().put("width", width).put("height", height);
    call(
        "Emulation.setDeviceMetricsOverride",
        size.put("deviceScaleFactor", 1).put("mobile", false));
  }

  /** The value of a JavaScript expression; waits for a promise. */
  public JsonNode evaluate(String expression) throws Exception {
    JsonNode result =
        call(
            "Runtime.evaluate",
            node()
                .put("expression", expression)
                .put("returnByValue", true)
                .put("awaitPromise", true));
    if (result.has("exceptionDetails")) {
      throw new IOException(result.get("exceptionDetails").toString());
    }
    return result.required("result").path("value");
  }

  /** Waits until an expression is true. */
  public void await(String expression) throws Exception {
    for (int i = 0; i < PATIENCE.toSeconds() * 5; i++) {
      if (evaluate(expression).asBoolean()) {
        return;
      }
      Thread.sleep(200);
    }
    throw new IOException("never became true: " + expression + "; console: " + complaints);
  }

  /**
   * The whole page as a PNG file, in a window as high as the page, so that all of it is painted.
   */
  public void screenshot(Path file, int width) throws Exception {
    resize(width, evaluate("document.documentElement.scrollHeight").asInt());
    Thread.sleep(500);
    JsonNode shot = call("Page.captureScreenshot", node().put("format", "png"));
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, Base64.getDecoder().decode(shot.required("data").asText()));
  }

  /** Errors and warnings on the console so far, and uncaught exceptions. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  @Override
  public void close() {
    socket.abort();
    List<ProcessHandle> children = process.descendants().toList(); // they write into the profile
    process.destroy();
    process.onExit().orTimeout(20, TimeUnit.SECONDS).handle((p, late) -> p).join();
    process.destroyForcibly();
    for (ProcessHandle child : children) {
      child.destroyForcibly();
      child.onExit().orTimeout(20, TimeUnit.SECONDS).handle((p, late) -> p).join();
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean whole) {
      text.append(part);
      if (whole) {
        receive(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void receive(String message) {
      try {
        JsonNode node = MAPPER.readTree(message);
        CompletableFuture<JsonNode> reply = replies.remove(node.path("id").asInt());
        if (reply != null) {
          reply.complete(node);
        }
        note(node);
      } catch (IOException e) {
        complaints.add(e.toString());
      }
    }

    private void note(JsonNode node) {
      JsonNode params = node.path("params");
      List<String> found = new ArrayList<>();
      switch (node.path("method").asText()) {
        case "Runtime.exceptionThrown" -> found.add(params.toString());
        case "Runtime.consoleAPICalled" -> {
          if (List.of("error", "warning", "assert").contains(params.path("type").asText())) {
            found.add(params.toString());
          }
        }
        case "Log.entryAdded" -> {
          if (List.of("error", "warning").contains(params.at("/entry/level").asText())) {
            found.add(params.toString());
          }
        }
        default -> {}
      }
      complaints.addAll(found);
    }
  }
}
