package org.ratescope.progress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands in for an MLflow tracking server: it keeps what it is sent, and answers a request that
 * MLflow would refuse as MLflow does, and counts it as a violation. It can be told to fail.
 */
final class MlflowStandIn implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final Deque<Integer> troubles = new ArrayDeque<>();
  private final Map<String, String> experiments = new LinkedHashMap<>();
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final List<String> violations = new ArrayList<>();
  private final Map<String, Integer> requests = new HashMap<>();
  private final Set<String> authorizations = new HashSet<>();
  private boolean hangs;

  /** A run as the server knows it. */
  static final class Run {
    final String experiment;
    final String name;
    final Map<String, String> tags = new HashMap<>();
    final Map<String, String> params = new HashMap<>();
    final List<Metric> metrics = new ArrayList<>();
    String status = "RUNNING";
    long ended;

    Run(String experiment, String name) {
      this.experiment = experiment;
      this.name = name;
    }
  }

  record Metric(String key, double value, long timestamp, long step) {}

  private MlflowStandIn(HttpServer server) {
    this.server = server;
  }

  static MlflowStandIn start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    MlflowStandIn standIn = new MlflowStandIn(server);
    server.createContext("/", standIn::handle);
    server.setExecutor(standIn.threads);
    server.start();
    return standIn;
  }

  URI address() {
    return URI.create("http://127.0.0.1:%d/".formatted(server.getAddress().getPort()));
  }

  /** Answers the next requests with these statuses; 0 breaks the connection. */
  synchronized void trouble(Integer... statuses) {
    troubles.addAll(List.of(statuses));
  }

  /** Answers nothing any more, until it is closed. */
  synchronized void hang() {
    hangs = true;
  }

  synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  synchronized Map<String, String> experiments() {
    return Map.copyOf(experiments);
  }

  synchronized List<Run> runs() {
    return List.copyOf(runs.values());
  }

  synchronized int requests(String path) {
    return requests.getOrDefault(path, 0);
  }

  synchronized Set<String> authorizations() {
    return Set.copyOf(authorizations);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    int status = 200;
    byte[] answer;
    synchronized (this) {
      if (!troubles.isEmpty()) {
        status = troubles.remove();
        answer = "<html>trouble</html>".getBytes(StandardCharsets.UTF_8);
      } else if (hangs) {
        answer = new byte[0];
      } else {
        String auth = exchange.getRequestHeaders().getFirst("Authorization");
        authorizations.add(auth == null ? "" : auth);
        try {
          answer = answer(exchange, body).toString().getBytes(StandardCharsets.UTF_8);
        } catch (Refusal e) {
          status = e.status;
          answer =
              new ObjectMapper()
                  .createObjectNode()
                  .put("error_code", e.code)
                  .put("message", e.getMessage())
                  .toString()
                  .getBytes(StandardCharsets.UTF_8);
        }
      }
    }
    if (hangs) {
      await();
    }
    if (status == 0) {
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private void await() {
    try {
      hanging.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What MLflow refuses. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String code;

    Refusal(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }
  }

  private Refusal violation(String message) {
    violations.add(message);
    return new Refusal(400, "INVALID_PARAMETER_VALUE", message);
  }

  private JsonNode answer(HttpExchange exchange, byte[] body) throws Refusal, IOException {
    String path = exchange.getRequestURI().getPath();
    if (!path.startsWith("/api/2.0/mlflow/")) {
      throw violation("path " + path);
    }
    String call = path.substring("/api/2.0/mlflow/".length());
    requests.merge(call, 1, Integer::sum);
    if (call.equals("experiments/get-by-name")) {
      require(exchange.getRequestMethod().equals("GET"), call + " is a GET");
      return byName(exchange.getRequestURI().getRawQuery());
    }
    require(exchange.getRequestMethod().equals("POST"), call + " is a POST");
    require(
        "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type")),
        call + " is JSON");
    require(body.length <= 1_000_000, "a request of at most 1 MB");
    JsonNode json = MAPPER.readTree(body);
    return switch (call) {
      case "experiments/create" -> createExperiment(json);
      case "runs/create" -> createRun(json);
      case "runs/log-batch" -> logBatch(json);
      case "runs/update" -> update(json);
      default -> throw violation("endpoint " + call);
    };
  }

  private void require(boolean condition, String what) throws Refusal {
    if (!condition) {
      throw violation("required: " + what);
    }
  }

  private static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  private JsonNode byName(String query) throws Refusal {
    require(query.startsWith("experiment_name="), "experiment_name");
    String name =
        URLDecoder.decode(query.substring("experiment_name=".length()), StandardCharsets.UTF_8);
    String id = experiments.get(name);
    if (id == null) {
      throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no experiment " + name);
    }
    ObjectNode answer = object();
    answer.putObject("experiment").put("experiment_id", id).put("name", name);
    return answer;
  }

  private JsonNode createExperiment(JsonNode json) throws Refusal {
    String name = json.path("name").textValue();
    require(name != null && !name.isEmpty() && name.length() <= 500, "a name");
    require(!experiments.containsKey(name), "an experiment of a new name");
    String id = String.valueOf(experiments.size() + 1);
    experiments.put(name, id);
    return object().put("experiment_id", id);
  }

  private JsonNode createRun(JsonNode json) throws Refusal {
    String experiment = json.path("experiment_id").asText();
    require(experiments.containsValue(experiment), "a known experiment, came " + experiment);
    require(json.path("start_time").isIntegralNumber(), "start_time in milliseconds");
    Run run = new Run(experiment, json.path("run_name").asText());
    for (JsonNode tag : json.path("tags")) {
      run.tags.put(key(tag), value(tag, 5000));
    }
    String id = "%032x".formatted(runs.size() + 1);
    runs.put(id, run);
    ObjectNode answer = object();
    answer.putObject("run").putObject("info").put("run_id", id).put("status", "RUNNING");
    return answer;
  }

  private String key(JsonNode node) throws Refusal {
    String key = node.path("key").asText();
    require(key.matches("[/\\w.\\- ]{1,250}") && !key.startsWith("/"), "a key, came " + key);
    return key;
  }

  private String value(JsonNode node, int longest) throws Refusal {
    JsonNode value = node.path("value");
    require(value.isTextual() && value.asText().length() <= longest, "a text, came " + value);
    return value.asText();
  }

  private Run known(JsonNode json) throws Refusal {
    Run run = runs.get(json.path("run_id").asText());
    if (run == null) {
      throw violation("required: a known run");
    }
    return run;
  }

  private JsonNode logBatch(JsonNode json) throws Refusal {
    Run run = known(json);
    require(run.status.equals("RUNNING"), "a run that has not ended");
    int metrics = json.path("metrics").size();
    int params = json.path("params").size();
    int tags = json.path("tags").size();
    require(metrics <= 1000 && params <= 100 && tags <= 100, "limits of a batch");
    require(metrics + params + tags <= 1000, "1000 entities in a batch");
    require(metrics + params + tags > 0, "something in a batch");
    for (JsonNode metric : json.path("metrics")) {
      require(metric.path("value").isNumber(), "a number, came " + metric);
      require(metric.path("timestamp").isIntegralNumber(), "a timestamp, came " + metric);
      require(metric.path("step").isIntegralNumber(), "a step, came " + metric);
      run.metrics.add(
          new Metric(
              key(metric),
              metric.path("value").doubleValue(),
              metric.path("timestamp").longValue(),
              metric.path("step").longValue()));
    }
    for (JsonNode param : json.path("params")) {
      String before = run.params.put(key(param), value(param, 500));
      require(before == null || before.equals(param.path("value").asText()), "one value");
    }
    for (JsonNode tag : json.path("tags")) {
      run.tags.put(key(tag), value(tag, 5000));
    }
    return object();
  }

  private JsonNode update(JsonNode json) throws Refusal {
    Run run = known(json);
    String status = json.path("status").asText();
    require(List.of("FINISHED", "FAILED", "KILLED").contains(status), "a status, came " + status);
    require(json.path("end_time").isIntegralNumber(), "end_time in milliseconds");
    run.status = status;
    run.ended = json.path("end_time").longValue();
    return object();
  }

  /** Ends at once, in the middle of whatever it does. */
  @Override
  public void close() {
    server.stop(0);
    hanging.countDown();
    threads.shutdownNow();
  }
}
