package org.ratescope.progress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An MLflow tracking server, spoken to by the REST API 2.0. A request that meets no answer, 429 or
 * 5xx is made again after a wait, a longer one each time; any other error ends it. An answer is
 * bounded in bytes and in time, and the token appears in no message.
 */
final class MlflowServer implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LONGEST_MESSAGE = 300;
  private static final int LONGEST_ANSWER = 1 << 20;

  private final URI address;
  private final String token;
  private final List<Duration> waits;
  private final Duration timeout;
  private final HttpClient client;

  /**
   * @param address where the server is, for example {@code http://localhost:5000}
   * @param token sent as a bearer token without the spaces around it; empty for none
   * @param waits before the second attempt, the third and so on; then a request has failed
   * @param timeout of one attempt, its answer included
   * @throws IllegalArgumentException if the token cannot be sent; the message does not hold it
   */
  MlflowServer(URI address, String token, List<Duration> waits, Duration timeout) {
    this.address = address;
    this.token = sendable(token);
    this.waits = List.copyOf(waits);
    this.timeout = timeout;
    this.client = HttpClient.newBuilder().connectTimeout(timeout).build();
  }

  /** Half a second, then twice as long each time up to half a minute: ten minutes in all. */
  static List<Duration> patientWaits() {
    List<Duration> waits = new ArrayList<>();
    Duration wait = Duration.ofMillis(500);
    Duration longest = Duration.ofSeconds(30);
    for (Duration sum = Duration.ZERO; sum.compareTo(Duration.ofMinutes(10)) < 0; ) {
      waits.add(wait);
      sum = sum.plus(wait);
      wait = wait.multipliedBy(2);
      wait = wait.compareTo(longest) > 0 ? longest : wait;
    }
    return waits;
  }

  private static String sendable(String token) {
    String word = token.strip();
    if (!word.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw new IllegalArgumentException(
          "the MLflow token must be visible ASCII characters without a space (it is not shown)");
    }
    return word;
  }

  URI address() {
    return address;
  }

  /** A JSON object to be filled. */
  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The id of the experiment of that name, which is created when there is none. */
  String experiment(String name) throws IOException, InterruptedException {
    Optional<String> known = find(name);
    if (known.isPresent()) {
      return known.get();
    }
    Answer made =
        send("experiments/create", request("experiments/create", object().put("name", name)));
    if (made.code.equals("RESOURCE_ALREADY_EXISTS")) { // another process was faster
      return find(name).orElseThrow(() -> made.failure("experiments/create"));
    }
    return text(made.orFail("experiments/create"), "/experiment_id");
  }

  private Optional<String> find(String name) throws IOException, InterruptedException {
    String path = "experiments/get-by-name";
    String query = "?experiment_name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    Answer answer = send(path, builder(path + query).GET().build());
    return answer.code.equals("RESOURCE_DOES_NOT_EXIST")
        ? Optional.empty()
        : Optional.of(text(answer.orFail(path), "/experiment/experiment_id"));
  }

  /** Creates a run; its id. */
  String createRun(ObjectNode body) throws IOException, InterruptedException {
    return text(post("runs/create", body), "/run/info/run_id");
  }

  /** Logs metrics, parameters and tags of a run. */
  void logBatch(ObjectNode body) throws IOException, InterruptedException {
    JsonNode unused = post("runs/log-batch", body);
  }

  /** Changes what is known about a run. */
  void updateRun(ObjectNode body) throws IOException, InterruptedException {
    JsonNode unused = post("runs/update", body);
  }

  private JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
    return send(path, request(path, body)).orFail(path);
  }

  private HttpRequest request(String path, ObjectNode body) {
    return builder(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body.toString()))
        .build();
  }

  private HttpRequest.Builder builder(String path) {
    String base = address.toString().replaceFirst("/+$", "");
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(base + "/api/2.0/mlflow/" + path)).timeout(timeout);
    return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
  }

  /** An answer: its status, MLflow's error code (empty for none) and its body. */
  private record Answer(int status, String code, String body) {

    static Answer of(int status, String body) {
      String code = status == 200 ? "" : json(body).path("error_code").asText("");
      return new Answer(status, code, body);
    }

    private static JsonNode json(String body) {
      try {
        JsonNode json = MAPPER.readTree(body);
        return json == null ? object() : json;
      } catch (JsonProcessingException e) {
        return object();
      }
    }

    boolean isWorthAnotherTry() {
      return status == 429 || status >= 500;
    }

    IOException failure(String path) {
      String said = json(body).path("message").asText(body).replaceAll("\\s+", " ").strip();
      return new IOException(
          "%s was answered with %d %s"
              .formatted(path, status, said.substring(0, Math.min(said.length(), LONGEST_MESSAGE)))
              .strip());
    }

    JsonNode orFail(String path) throws IOException {
      if (status != 200) {
        throw failure(path);
      }
      return json(body);
    }
  }

  /** The answer, after as many attempts as it takes or are allowed. */
  private Answer send(String path, HttpRequest request) throws IOException, InterruptedException {
    for (int attempt = 0; ; attempt++) {
      boolean last = attempt == waits.size();
      try {
        Answer answer = once(request);
        if (last || !answer.isWorthAnotherTry()) {
          return answer;
        }
      } catch (IOException e) {
        if (last || e instanceof BoundedBody.TooLongException) {
          throw new IOException("no answer from %s to %s: %s".formatted(address, path, e), e);
        }
      }
      Thread.sleep(waits.get(attempt));
    }
  }

  /**
   * One attempt. The client's own timeout ends with the headers of an answer, this one with all.
   */
  private Answer once(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<String>> pending =
        client.sendAsync(request, headers -> new BoundedBody(LONGEST_ANSWER));
    try {
      HttpResponse<String> response = pending.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      String body = token.isEmpty() ? response.body() : response.body().replace(token, "***");
      return Answer.of(response.statusCode(), body);
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no whole answer within " + timeout.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } finally {
      pending.cancel(true); // nothing, where the answer is there
    }
  }

  private String text(JsonNode answer, String pointer) throws IOException {
    String text = answer.at(pointer).asText("");
    if (text.isEmpty()) {
      throw new IOException("an answer of %s lacks %s".formatted(address, pointer));
    }
    return text;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
