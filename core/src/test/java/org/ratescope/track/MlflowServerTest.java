package org.ratescope.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that mean no good, and tokens that cannot be sent. */
@Timeout(60)
class MlflowServerTest {
  private static final String SECRET = "hunter2hunter2";

  private final AtomicLong sent = new AtomicLong();
  private final AtomicInteger requests = new AtomicInteger();
  private ServerSocket server;
  private volatile Answer answer = out -> {};

  /** What the server writes, until the client has enough. */
  private interface Answer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::serve);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        requests.incrementAndGet();
        int unused = socket.getInputStream().read(new byte[10_000]);
        answer.write(socket.getOutputStream());
      } catch (IOException e) {
        // the client has enough
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private MlflowServer mlflow(String token, Duration timeout) {
    URI address = URI.create("http://127.0.0.1:%d".formatted(server.getLocalPort()));
    return new MlflowServer(address, token, List.of(), timeout);
  }

  private static void head(OutputStream out, String status) throws IOException {
    out.write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void anAnswerThatNeverEndsIsCutOff() {
    byte[] piece = " ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
    answer =
        out -> {
          head(out, "200 OK");
          for (int i = 0; i < 10_000; i++) {
            out.write(piece);
            sent.addAndGet(piece.length);
          }
        };
    try (MlflowServer mlflow = mlflow("", Duration.ofSeconds(30))) {
      assertThatThrownBy(() -> mlflow.experiment("e"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the answer is longer than 1,048,576 bytes");
    }
    assertThat(sent.get()).as("with what sockets hold").isLessThan(64 << 20);
    assertThat(requests).as("a second try brings no other end").hasValue(1);
  }

  @Test
  void anAnswerThatDripsIsCutOff() {
    answer =
        out -> {
          head(out, "200 OK");
          for (int i = 0; i < 10_000; i++) {
            out.write(' ');
            out.flush();
            Thread.sleep(20);
          }
        };
    try (MlflowServer mlflow = mlflow("", Duration.ofSeconds(1))) {
      assertThatThrownBy(() -> mlflow.experiment("e"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no whole answer within 1 s");
    }
  }

  /** The token is for the server that was named, not for one that it names. */
  @Test
  void redirectsAreNotFollowed() {
    answer =
        out -> {
          String other = "http://localhost:%d/elsewhere".formatted(server.getLocalPort());
          head(out, "307 Temporary Redirect\r\nLocation: " + other + "\r\nContent-Length: 0");
        };
    try (MlflowServer mlflow = mlflow(SECRET, Duration.ofSeconds(30))) {
      assertThatThrownBy(() -> mlflow.experiment("e"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("was answered with 307")
          .hasMessageNotContaining(SECRET);
    }
    assertThat(requests).hasValue(1);
  }

  @Test
  void aTokenThatComesBackIsNotShown() {
    answer =
        out -> {
          head(out, "403 Forbidden");
          out.write(("Bearer " + SECRET + " is wrong").getBytes(StandardCharsets.US_ASCII));
        };
    try (MlflowServer mlflow = mlflow(SECRET, Duration.ofSeconds(30))) {
      assertThatThrownBy(() -> mlflow.experiment("e"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("403 Bearer *** is wrong");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SECRET + "\n", " " + SECRET + "\r\n", "\t" + SECRET})
  void aTokenIsTrimmed(String token) {
    answer =
        out -> {
          head(out, "403 Forbidden");
          out.write("no".getBytes(StandardCharsets.US_ASCII));
        };
    try (MlflowServer mlflow = mlflow(token, Duration.ofSeconds(30))) {
      assertThatThrownBy(() -> mlflow.experiment("e")).hasMessageContaining("403 no");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", SECRET + " x", "\u00e4" + SECRET, SECRET + "\u0007x"})
  void aTokenThatCannotBeSentIsNotShown(String token) {
    assertThatThrownBy(() -> mlflow(token, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("visible ASCII characters")
        .hasMessageNotContaining(token)
        .hasMessageNotContaining(SECRET);
  }
}
