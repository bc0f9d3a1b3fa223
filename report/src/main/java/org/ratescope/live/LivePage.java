package org.ratescope.live;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.ratescope.live.PageFiles.PageFile;
import org.ratescope.progress.AsyncTracker;
import org.ratescope.progress.Progress;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Suite;

/**
 * The live page of a sweep: a server on one port until the sweep ends. It serves {@code /}, the
 * page; {@code /events}, the stream of server-sent events that fills it; {@code /state.json}, the
 * same state for scripts; and the page's own files. It accepts no data and reads no files except
 * the study's records.
 */
public final class LivePage implements AutoCloseable {
  private static final long FAREWELL_MILLIS = 2000;

  /** Vega interprets its expressions and needs no 'unsafe-eval'. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
          + " font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  /**
   * Maximum number of connected pages, and as many again for their requests; the server refuses
   * more connections unread.
   */
  static final int MOST_CONNECTIONS = 2 * EventStream.MOST_CLIENTS;

  /** Maximum time for a client to send a request, or to accept a part of an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  static { // the JDK's server reads its limits only from system properties
    limit("jdk.httpserver.maxConnections", MOST_CONNECTIONS);
    limit("sun.net.httpserver.maxReqTime", PATIENCE.toSeconds());
  }

  private static void limit(String property, long value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, String.valueOf(value));
    }
  }

  private final HttpServer server;
  private final HostCheck hosts;
  private final URI address;
  private final EventStream stream = new EventStream();
  private final SweepState state;
  private final AsyncTracker aside;
  private final PageFiles files = new PageFiles();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          MOST_CONNECTIONS,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("live-", 0).factory());
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("live-clock").factory());

  private LivePage(
      HttpServer server,
      String host,
      Suite suite,
      RecordStore store,
      String report,
      Consumer<String> notes) {
    this.server = server;
    this.hosts = HostCheck.of(host, server.getAddress().getAddress());
    this.address = address(host, server.getAddress());
    this.state = new SweepState(suite, store, report, System::nanoTime, stream);
    this.aside = AsyncTracker.of(state, notes);
  }

  /**
   * Opens the page.
   *
   * @param host the name or address to listen on, {@code 127.0.0.1} for this machine only
   * @param port the port, or 0 for a free one
   * @param suite the suite that runs
   * @param store the folder of its records
   * @param report where the report is or how to write it, for the end of the sweep
   * @param notes receives messages for users about the page's own faults
   * @throws IOException if the host is unknown or the port is not available
   */
  public static LivePage open(
      String host, int port, Suite suite, RecordStore store, String report, Consumer<String> notes)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
    LivePage page = new LivePage(server, host, suite, store, report, notes);
    server.createContext("/", page::handle);
    server.setExecutor(page.threads);
    server.start();
    return page;
  }

  private static URI address(String host, InetSocketAddress bound) {
    boolean all = bound.getAddress().isAnyLocalAddress();
    String name = all ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://%s:%s/".formatted(name, bound.getPort()));
  }

  /** The address of the page. */
  public URI address() {
    return address;
  }

  /** Whether other machines can reach the page. */
  public boolean isPublic() {
    return !server.getAddress().getAddress().isLoopbackAddress();
  }

  /** The listener that updates the page. */
  public Progress progress() {
    return aside;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      answer(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange) throws IOException, InterruptedException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    String path = exchange.getRequestURI().getRawPath();
    Optional<PageFile> file = files.find(path);
    if (!hosts.allows(exchange.getRequestHeaders().getFirst("Host"))) {
      refuse(exchange, 403, "this server does not have that name");
    } else if (!head && !exchange.getRequestMethod().equals("GET")) {
      refuse(exchange, 405, "only GET and HEAD are allowed");
    } else if (path.equals("/events") && !head) {
      stream(exchange);
    } else if (path.equals("/state.json")) {
      byte[] json = state.text().getBytes(StandardCharsets.UTF_8);
      send(exchange, 200, "application/json; charset=utf-8", json);
    } else if (file.isPresent()) {
      send(exchange, 200, file.get().type(), file.get().bytes());
    } else {
      refuse(exchange, 404, "no such page");
    }
  }

  private void refuse(HttpExchange exchange, int status, String words) throws IOException {
    byte[] text = (words + "\n").getBytes(StandardCharsets.UTF_8);
    send(exchange, status, "text/plain; charset=utf-8", text);
  }

  private void send(HttpExchange exchange, int status, String type, byte[] bytes)
      throws IOException {
    headers(exchange, type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, bytes.length);
      body(exchange).write(bytes);
    }
  }

  private OutputStream body(HttpExchange exchange) {
    return new LimitedOutput(exchange.getResponseBody(), clock, PATIENCE);
  }

  private static void headers(HttpExchange exchange, String type) {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    headers.set("Content-Security-Policy", POLICY);
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Referrer-Policy", "no-referrer");
  }

  private void stream(HttpExchange exchange) throws IOException, InterruptedException {
    StreamClient client = new StreamClient();
    if (!stream.add(client)) {
      refuse(exchange, 503, "too many pages are open; the maximum is " + EventStream.MOST_CLIENTS);
      return;
    }
    try (exchange) {
      headers(exchange, "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      EventStream.serve(client, state::catchUp, body(exchange));
    } finally {
      stream.remove(client); // after its stream has ended normally
    }
  }

  /**
   * Tells the pages that the sweep has finished or stopped, and ends the server. A second call does
   * nothing.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    aside.close();
    try {
      stream.awaitNone(FAREWELL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop(0);
    threads.shutdownNow();
    clock.shutdownNow();
  }
}
