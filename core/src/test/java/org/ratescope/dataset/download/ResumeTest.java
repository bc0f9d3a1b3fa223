package org.ratescope.dataset.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ratescope.dataset.catalogue.KnownSet;

/** Downloads that break, and go on. */
@Timeout(60)
class ResumeTest extends AgainstServer {
  @Test
  void aBrokenConnectionIsResumedAtTheByte() throws Exception {
    server.at(
        "/one/a.bin",
        LocalServer.cutOff(CONTENT, TAG, 100_000),
        LocalServer.cutOff(CONTENT, TAG, 70_001),
        LocalServer.ranged(CONTENT, TAG));
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length);
    assertThat(server.requests().stream().map(LocalServer.Request::offset))
        .containsExactly(0, 100_000, 170_001);
    assertThat(server.requests().get(1).headers()).containsEntry("if-range", TAG);
    assertThat(notes)
        .containsExactly(
            server.uri("/one/a.bin") + ": cut off after 100000 bytes, going on",
            server.uri("/one/a.bin") + ": cut off after 170001 bytes, going on");
  }

  @Test
  void aCallThatFailedIsGoneOnWithByTheNext() throws Exception {
    server.at(
        "/one/a.bin",
        LocalServer.cutOff(CONTENT, TAG, 100_000),
        LocalServer.status("503 Service Unavailable"),
        LocalServer.ranged(CONTENT, TAG));
    assertThatThrownBy(() -> plain().fromMirrors())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(server.uri("/one/a.bin") + ": HTTP 503; ")
        .hasMessageContaining(server.uri("/two/a.bin") + ": HTTP 404. When you are online again");
    assertThat(part()).hasSize(100_000);
    assertThat(target()).doesNotExist();
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length);
  }

  @Test
  void aServerThatIgnoresRangesStartsOver() throws Exception {
    server.at("/one/a.bin", LocalServer.cutOff(CONTENT, TAG, 100_000), LocalServer.whole(CONTENT));
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length + 100_000);
  }

  @Test
  void aFileThatChangedIsNotSpliced() throws Exception {
    server.at(
        "/one/a.bin",
        LocalServer.cutOff(OTHER, "\"old\"", 100_000),
        LocalServer.ranged(CONTENT, "\"new\""));
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.requests().get(1).headers()).containsEntry("if-range", "\"old\"");
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length + 100_000);
  }

  /** A server that continues another file, and says so by its entity tag. */
  @Test
  void aContinuationWithAnotherTagIsRefused() throws Exception {
    server.at(
        "/one/a.bin",
        LocalServer.cutOff(OTHER, "\"old\"", 100_000),
        (request, reply) -> {
          reply.head(
              "206 Partial Content",
              "Content-Length: 200000",
              "Content-Range: bytes 100000-299999/300000",
              "ETag: \"new\"");
          reply.body(CONTENT, 100_000, 300_000);
        },
        LocalServer.ranged(CONTENT, "\"new\""));
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.requests().get(2).headers()).doesNotContainKey("range");
  }

  /** Nothing tells the two files apart but the checksum of the whole. */
  @Test
  void aSpliceThatNobodyNoticedIsFetchedAnew() throws Exception {
    LocalServer.Answer half =
        (request, reply) -> {
          reply.head("200 OK", "Content-Length: 300000");
          reply.body(OTHER, 0, 100_000);
        };
    server.at("/one/a.bin", half, LocalServer.status("500 Oops"), LocalServer.ranged(CONTENT, TAG));
    assertThatThrownBy(() -> plain().fromMirrors()).hasMessageContaining("HTTP 500");
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isEqualTo(100_000 + 200_000 + 300_000);
  }

  @Test
  void aPartThatIsWholeIsNotSentAgain() throws Exception {
    server.at("/one/a.bin", LocalServer.ranged(CONTENT, TAG));
    Files.createDirectories(root.resolve("tiny"));
    PartialFile part = new PartialFile(part());
    part.begin(new PartialFile.Origin(server.uri("/one/a.bin"), TAG));
    Files.write(part(), CONTENT);
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isZero();
  }

  @Test
  void aPartThatIsTooLongIsThrownAway() throws Exception {
    server.at("/one/a.bin", LocalServer.ranged(CONTENT, TAG));
    Files.createDirectories(root.resolve("tiny"));
    new PartialFile(part()).begin(new PartialFile.Origin(server.uri("/one/a.bin"), TAG));
    Files.write(part(), noise(300_100, 5));
    assertGot(plain().fromMirrors(), "/one/a.bin");
  }

  @Test
  void fewerBytesThanAnnounced() throws Exception {
    server.at("/one/a.bin", LocalServer.cutOff(CONTENT, TAG, 1000));
    Download download = download(file("a.bin"), server.uri("/one/"));
    assertThatThrownBy(download::fromMirrors).hasMessageContaining(": cut off after 21000 bytes. ");
    assertThat(server.requests()).as("the first and twenty resumptions").hasSize(21);
    assertThat(part()).hasSize(21_000);
  }

  @Test
  void anInterruptedCallLeavesThePart() throws Exception {
    server.at(
        "/one/a.bin",
        (request, reply) -> {
          reply.head("200 OK", "Content-Length: 300000", "ETag: " + TAG);
          reply.body(CONTENT, 0, 120_000);
          reply.stall();
        },
        LocalServer.ranged(CONTENT, TAG));
    KnownSet set =
        new KnownSet(
            "tiny", "", "", List.of(server.uri("/one/")), List.of(file("a.bin")), Optional.empty());
    try (var threads = Executors.newSingleThreadExecutor()) {
      Future<List<PlacedFile>> call =
          threads.submit(
              () -> Download.of(set, root, PATIENT, DownloadListener.SILENT).fromMirrors());
      while (!Files.exists(part()) || Files.size(part()) < 120_000) {
        Thread.sleep(5);
      }
      threads.shutdownNow();
      assertThatThrownBy(call::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(InterruptedException.class);
    }
    assertThat(part()).hasSize(120_000);
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length);
  }

  /** The process that is killed. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws Exception {
      KnownSet set =
          new KnownSet(
              "tiny",
              "",
              "",
              List.of(URI.create(args[0])),
              List.of(file("a.bin")),
              Optional.empty());
      var unused =
          Download.of(set, Path.of(args[1]), PATIENT, DownloadListener.SILENT).fromMirrors();
    }
  }

  @Test
  void aKilledProcessIsGoneOnWith() throws Exception {
    server.at(
        "/one/a.bin",
        (request, reply) -> {
          reply.head("200 OK", "Content-Length: 300000", "ETag: " + TAG);
          reply.body(CONTENT, 0, 123_456);
          reply.stall();
        },
        LocalServer.ranged(CONTENT, TAG));
    Process victim =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                server.uri("/one/").toString(),
                root.toString())
            .inheritIO()
            .start();
    while (victim.isAlive() && !(Files.exists(part()) && Files.size(part()) == 123_456)) {
      Thread.sleep(5);
    }
    assertThat(victim.isAlive()).isTrue();
    assertThat(victim.destroyForcibly().waitFor()).isNotZero();
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.requests().get(1).offset()).isEqualTo(123_456);
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length);
  }
}
