package org.ratescope.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.figure.Generated;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** Clients that open connections and neither send requests nor read: the sweep is not affected. */
@Timeout(120)
@ResourceLock("live pages") // it counts their threads
class LivePageLimitsTest {
  private static final Study STUDY = Generated.small(1);
  private static final int MANY = 400;

  @TempDir Path folder;

  private final List<String> notes = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new ArrayList<>();

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("live-"))
        .count();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // half open
        "GET /state.js", // a request that never ends
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
        "GET /vega.min.js HTTP/1.1\r\nHost: localhost\r\n\r\n", // and its answer is never read
        "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n",
      })
  void hundredsOfConnectionsTakeFewThreads(String request) throws Exception {
    RecordStore store = RecordStore.at(folder);
    try (LivePage page =
        LivePage.open("127.0.0.1", 0, Suite.of(STUDY), store, "The report: here.", notes::add)) {
      StagedSweep sweep = new StagedSweep(page.progress());
      sweep.begin();
      for (int i = 0; i < MANY; i++) {
        open(page, request);
      }
      sweep.start(1);
      sweep.trace(1, 0, 10);
      sweep.recordWithTroubles(1);
      assertThat(threads()).isLessThanOrEqualTo(LivePage.MOST_CONNECTIONS + 2);
      for (Socket socket : sockets) {
        socket.close();
      }
      assertThat(answer(page)).startsWith("HTTP/1.1 200 OK");
    }
    assertThat(notes).isEmpty();
  }

  private void open(LivePage page, String request) {
    try {
      Socket socket = new Socket(page.address().getHost(), page.address().getPort());
      sockets.add(socket);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // refused
    }
  }

  /** The page, as soon as there is space for another client. */
  private static String answer(LivePage page) throws Exception {
    String request = "GET /state.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    for (int i = 0; i < 600; i++) {
      try (Socket socket = ListeningClient.connect(page.address(), request)) {
        String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!text.isEmpty()) {
          return text;
        }
      } catch (IOException e) {
        // refused
      }
      Thread.sleep(100);
    }
    return "";
  }

  @Test
  void aWriteThatTakesTooLongEnds() throws Exception {
    try (var clock = Executors.newSingleThreadScheduledExecutor();
        var server = ServerSocketChannel.open().bind(null);
        var client = SocketChannel.open(server.getLocalAddress());
        var accepted = server.accept()) {
      assertThat(client.isConnected()).isTrue();
      LimitedOutput out =
          new LimitedOutput(Channels.newOutputStream(accepted), clock, Duration.ofMillis(50));
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  out.write(new byte[1 << 20]);
                }
              })
          .isInstanceOf(ClosedByInterruptException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
