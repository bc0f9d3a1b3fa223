package org.ratescope.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.figure.Generated;
import org.ratescope.live.ListeningClient.Received;
import org.ratescope.results.LossPoint;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

@Timeout(120)
@ResourceLock("live pages") // LivePageLimitsTest counts their threads
class LivePageTest {
  private static final Study STUDY = Generated.small(1);
  private static final String LOOPBACK = "127.0.0.1";

  @TempDir Path folder;

  private final List<String> notes = new CopyOnWriteArrayList<>();
  private RecordStore store;
  private LivePage page;
  private StagedSweep sweep;

  @BeforeEach
  void open() throws IOException {
    store = RecordStore.at(folder);
    page = LivePage.open(LOOPBACK, 0, Suite.of(STUDY), store, "The report: here.", notes::add);
    sweep = new StagedSweep(page.progress());
  }

  @AfterEach
  void close() {
    page.close();
    assertThat(notes).isEmpty();
  }

  /** The whole answer to a request line, with a Host header. */
  private String ask(String requestLine, String host) throws IOException {
    String request = requestLine + "\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
    try (Socket socket = ListeningClient.connect(page.address(), request)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aListenerGetsTheStateAndThenWhatChanges() throws Exception {
    store.write(Generated.finished(STUDY.runs().get(0))); // of an earlier call
    store.write(Generated.finished(STUDY.runs().get(1)));
    try (ListeningClient client = ListeningClient.open(page.address())) {
      assertThat(client.head())
          .startsWith("HTTP/1.1 200 OK")
          .containsIgnoringCase("content-type: text/event-stream")
          .containsIgnoringCase("cache-control: no-store");
      Received first = Objects.requireNonNull(client.next());
      assertThat(first.name()).isEqualTo("state");
      assertThat(first.data().at("/study/name").textValue()).isEqualTo("generated");
      assertThat(first.data().get("cohorts")).isEmpty();

      sweep.begin();
      JsonNode begun = changeWith(client, "cohorts");
      assertThat(begun.get("cohorts")).hasSize(4);
      assertThat(begun.at("/cohorts/0/state").textValue()).isEqualTo("waiting");
      assertThat(begun.at("/stage/runs").intValue()).isEqualTo(24);
      JsonNode earlier = begun.get("points").isEmpty() ? changeWith(client, "points") : begun;
      assertThat(earlier.get("points")).as("records of the earlier call").hasSize(2);

      sweep.start(1);
      sweep.trace(1, 0, 10);
      JsonNode traced = changeWith(client, "traces");
      assertThat(traced.get("traces")).hasSize(6);
      assertThat(traced.at("/cohorts/0/state").textValue()).isEqualTo("training");
      assertThat(traced.at("/cohorts/0/step").intValue()).isEqualTo(721);
      assertThat(traced.at("/stage/running").intValue()).isEqualTo(6);

      sweep.trace(1, 10, 12);
      JsonNode more = changeWith(client, "traces");
      assertThat(more.at("/traces/0/step")).as("the new points alone").hasSize(2);

      sweep.recordWithTroubles(1);
      JsonNode recorded = changeWith(client, "failures");
      assertThat(recorded.at("/failures/0/message").textValue()).isEqualTo(StagedSweep.MESSAGE);
      assertThat(recorded.at("/failures/1/step").intValue()).isEqualTo(77);
      assertThat(recorded.get("points")).hasSize(4);
      assertThat(recorded.at("/cohorts/0/state").textValue()).isEqualTo("done");
      assertThat(recorded.at("/cohorts/0/unfinished").intValue()).isEqualTo(2);
      JsonNode point = recorded.at("/points/0");
      assertThat(point.at("/test/rate").doubleValue()).isPositive();
      assertThat(point.get("weight").doubleValue()).isEqualTo(0.1);

      sweep.start(0);
      assertThat(changeWith(client, "forgotten").get("forgotten"))
          .as("losses of ended runs go when others begin")
          .hasSize(6);
    }
  }

  /** A cohort that does not fit into memory starts again in parts. */
  @Test
  void aRunThatStartsAgainLosesItsEarlierLosses() throws Exception {
    try (ListeningClient client = ListeningClient.open(page.address())) {
      sweep.begin();
      sweep.start(1);
      sweep.trace(1, 0, 10);
      assertThat(changeWith(client, "traces").get("traces")).hasSize(6);
      sweep.start(1);
      assertThat(changeWith(client, "forgotten").get("forgotten")).hasSize(6);
      sweep.trace(1, 0, 2);
      assertThat(changeWith(client, "traces").at("/traces/0/step")).hasSize(2);
    }
    try (ListeningClient later = ListeningClient.open(page.address())) {
      JsonNode state = Objects.requireNonNull(later.next()).data();
      assertThat(state.get("traces")).hasSize(6);
      assertThat(state.at("/traces/0/step")).hasSize(2);
    }
  }

  /** A loss that JSON, or single precision, cannot represent. */
  @Test
  void aLossThatIsNotFiniteIsNull() {
    Losses losses = new Losses();
    RunSpec run = STUDY.runs().getFirst();
    losses.begin(run, "cohort");
    losses.add(run, "cohort", new LossPoint(80, Double.POSITIVE_INFINITY, 1e300));
    losses.add(run, "cohort", new LossPoint(160, 2.5, 1));
    assertThat(losses.json().get(0).get("distortion").toString()).isEqualTo("[null,2.5]");
    assertThat(losses.json().get(0).get("rate").toString()).isEqualTo("[null,1.0]");
  }

  /** The next change that contains that key. */
  private static JsonNode changeWith(ListeningClient client, String key) throws IOException {
    while (true) {
      JsonNode change = client.next("change");
      if (!change.get(key).isEmpty()) {
        return change;
      }
    }
  }

  @Test
  void aNewOrReconnectedClientGetsTheWholeState() throws Exception {
    sweep.begin();
    sweep.start(0);
    sweep.trace(0, 0, 20);
    sweep.note("cohort resumes from step 5");
    try (ListeningClient first = ListeningClient.open(page.address())) {
      JsonNode change = changeWith(first, "traces");
      assertThat(change.get("traces")).hasSize(4);
    }
    sweep.trace(0, 20, 30);
    sweep.record(0);
    sweep.start(1);
    for (int i = 0; !state().at("/cohorts/1/state").asText().equals("training"); i++) {
      assertThat(i).isLessThan(1000);
      Thread.sleep(10);
    }
    try (ListeningClient again = ListeningClient.open(page.address())) {
      JsonNode state = again.next("state");
      assertThat(state.get("points")).hasSize(4);
      assertThat(state.get("traces")).hasSize(6);
      assertThat(state.at("/notes/0").textValue()).isEqualTo("cohort resumes from step 5");
      assertThat(state.at("/cohorts/0/state").textValue()).isEqualTo("done");
      assertThat(state.at("/over")).isEmpty();
    }
  }

  @Test
  void everyKeyIsDocumented() throws Exception {
    String document = Files.readString(Path.of("..", "docs", "watching.md"));
    sweep.begin();
    sweep.start(0);
    sweep.trace(0, 0, 2);
    sweep.start(1);
    sweep.recordWithTroubles(1);
    sweep.note("read me");
    for (int i = 0; state().get("failures").isEmpty(); i++) {
      assertThat(i).isLessThan(1000);
      Thread.sleep(10);
    }
    Set<String> keys = new TreeSet<>();
    collect(state(), keys);
    assertThat(keys).contains("stepsPerSecond", "recorded", "betaKl", "spec", "logDistortion");
    assertThat(keys).allMatch(key -> document.contains("`" + key + "`"));
  }

  private static void collect(JsonNode node, Set<String> keys) {
    node.fieldNames().forEachRemaining(keys::add);
    node.forEach(child -> collect(child, keys));
  }

  private JsonNode state() throws IOException {
    String answer = ask("GET /state.json HTTP/1.1", "localhost");
    return new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
  }

  @Test
  void theEndIsSentAndThenTheServerStops() throws Exception {
    sweep.begin();
    for (int cohort = 0; cohort < 4; cohort++) {
      sweep.start(cohort);
      sweep.record(cohort);
    }
    try (ListeningClient client = ListeningClient.open(page.address())) {
      assertThat(client.next("state").at("/over")).isEmpty();
      page.close();
      JsonNode end = client.next("end");
      assertThat(end.get("finished").booleanValue()).isTrue();
      assertThat(end.get("words").textValue())
          .isEqualTo("Every run has a record. The report: here.");
      assertThat(client.next()).as("the stream is over").isNull();
    }
    page.close();
    assertThatThrownBy(() -> ask("GET / HTTP/1.1", "localhost"))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void aStoppedSweepIsReported() throws Exception {
    sweep.begin();
    sweep.start(0);
    sweep.record(0);
    try (ListeningClient client = ListeningClient.open(page.address())) {
      page.close();
      JsonNode end = client.next("end");
      assertThat(end.get("finished").booleanValue()).isFalse();
      assertThat(end.get("words").textValue()).startsWith("Stopped: the same command resumes");
    }
  }

  @Test
  void aClientThatDoesNotReadDelaysNobodyAndCatchesUp() throws Exception {
    sweep.begin();
    sweep.start(0);
    try (ListeningClient slow = ListeningClient.open(page.address());
        ListeningClient quick = ListeningClient.open(page.address())) {
      String bulk = "x".repeat(1 << 20);
      long told = 0;
      int seen = 0;
      for (int i = 0; i < 30; i++) { // more than sockets and the queue of 16 events can store
        long before = System.nanoTime();
        sweep.note(i + bulk);
        told += System.nanoTime() - before;
        JsonNode change = changeWith(quick, "notes");
        seen += change.get("notes").size();
      }
      sweep.record(0);
      assertThat(changeWith(quick, "points").get("points")).hasSize(4);
      assertThat(seen).isEqualTo(30);
      assertThat(told / 1e9).as("seconds that telling took").isLessThan(2);

      assertThat(slow.next("state").get("points")).isEmpty();
      JsonNode fresh = slow.next("state");
      assertThat(fresh.get("notes")).as("the whole state anew").hasSize(30);
      assertThat(fresh.get("points")).hasSize(4);
    }
  }

  @Test
  void theQueueOfAClientIsLimited() throws Exception {
    StreamClient client = new StreamClient();
    for (int i = 0; i <= StreamClient.LIMIT; i++) {
      client.offer("event " + i);
    }
    client.offer("later");
    assertThat(client.await(0)).isEqualTo(StreamClient.Next.CATCH_UP);
    assertThat(client.take()).isEmpty();
    client.restart("state");
    client.offer("after");
    client.end();
    assertThat(client.await(0)).isEqualTo(StreamClient.Next.SEND);
    assertThat(client.take()).contains("state");
    assertThat(client.take()).contains("after");
    assertThat(client.await(0)).isEqualTo(StreamClient.Next.END);
    assertThat(new StreamClient().await(10)).isEqualTo(StreamClient.Next.IDLE);
  }

  @Test
  void theNumberOfPagesIsLimited() throws Exception {
    List<ListeningClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < EventStream.MOST_CLIENTS; i++) {
        clients.add(ListeningClient.open(page.address()));
        assertThat(clients.getLast().next("state")).isNotEmpty();
      }
      try (ListeningClient one = ListeningClient.open(page.address())) {
        assertThat(one.head()).startsWith("HTTP/1.1 503");
      }
      assertThat(ask("GET / HTTP/1.1", "localhost")).as("the page itself").contains(" 200 OK");
    } finally {
      for (ListeningClient client : clients) {
        client.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc/passwd",
        "//etc/passwd",
        "/etc/passwd",
        "/page.css/../../../../pom.xml",
        "/live.js%00.html",
        "/org/ratescope/page/page.html",
        "/LivePage.class",
        "/events/",
        "/state.json/x",
        "/records/0000000000000000.json",
      })
  void onlyThePagesOwnFilesAreServed(String path) throws Exception {
    assertThat(ask("GET " + path + " HTTP/1.1", "localhost"))
        .startsWith("HTTP/1.1 404 ")
        .doesNotContain("root:", "<project");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/live.js",
        "/live.css",
        "/page.css",
        "/vega.min.js",
        "/vega-lite.min.js",
        "/vega-embed.min.js",
        "/themes.json",
        "/inter-latin-400.woff",
        "/state.json"
      })
  void filesHaveAPolicyAgainstForeignSources(String path) throws Exception {
    String answer = ask("GET " + path + " HTTP/1.1", "localhost");
    assertThat(answer)
        .startsWith("HTTP/1.1 200 OK")
        .containsIgnoringCase("content-security-policy: default-src 'none'; script-src 'self'")
        .doesNotContainIgnoringCase("access-control-allow");
    assertThat(ask("HEAD " + path + " HTTP/1.1", "localhost")).endsWith("\r\n\r\n");
    assertThat(answer.substring(answer.indexOf("\r\n\r\n")).length()).isGreaterThan(100);
  }

  @Test
  void thePageNamesNoOtherServer() throws Exception {
    for (String path : List.of("/", "/live.js", "/live.css", "/page.css")) {
      String answer = ask("GET " + path + " HTTP/1.1", "localhost");
      assertThat(answer).doesNotContain("http://", "https://", "url(//");
    }
  }

  @Test
  void itAnswersToTheNamesOfThisMachineOnly() throws Exception {
    for (String name : List.of("localhost", "127.0.0.1", "[::1]", "localhost:9999", "LOCALHOST")) {
      assertThat(ask("GET / HTTP/1.1", name)).as(name).startsWith("HTTP/1.1 200 ");
    }
    for (String name : List.of("evil.example", "evil.example:80", "127.0.0.1.evil.example", "")) {
      for (String path : List.of("/", "/events", "/state.json")) {
        assertThat(ask("GET " + path + " HTTP/1.1", name)).as(name).startsWith("HTTP/1.1 403 ");
      }
    }
    assertThat(ask("POST /state.json HTTP/1.1", "localhost")).startsWith("HTTP/1.1 405 ");
  }

  @Test
  void aServerOnAllAddressesAnswersToAllAddressesButNotToForeignNames() throws Exception {
    HostCheck all = HostCheck.of("0.0.0.0", InetAddress.getByName("0.0.0.0"));
    assertThat(List.of("192.168.1.7:8080", "[fe80::1]", "localhost", "10.0.0.1"))
        .allMatch(all::allows);
    assertThat(List.of("evil.example", "a.10.0.0.1", "")).noneMatch(all::allows);
    HostCheck one = HostCheck.of("Box.Example", InetAddress.getLoopbackAddress());
    assertThat(List.of("box.example:80", "BOX.example")).allMatch(one::allows);
    assertThat(one.allows("10.0.0.1")).isFalse();
    assertThat(one.allows(null)).isFalse();
  }

  @Test
  void anUnavailableAddressIsAnError() {
    int taken = page.address().getPort();
    assertThatThrownBy(() -> LivePage.open(LOOPBACK, taken, Suite.of(STUDY), store, "", notes::add))
        .isInstanceOf(BindException.class);
    assertThatThrownBy(
            () -> LivePage.open("no such host", 0, Suite.of(STUDY), store, "", notes::add))
        .isInstanceOf(UnknownHostException.class);
  }

  @Test
  void theDefaultAddressIsThisMachineOnly() throws Exception {
    assertThat(page.isPublic()).isFalse();
    assertThat(page.address().getHost()).isEqualTo(LOOPBACK);
    try (LivePage all = LivePage.open("0.0.0.0", 0, Suite.of(STUDY), store, "", notes::add)) {
      assertThat(all.isPublic()).isTrue();
      assertThat(all.address())
          .isEqualTo(URI.create("http://localhost:%d/".formatted(all.address().getPort())));
    }
  }
}
