package org.ratescope.dataset.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ratescope.dataset.catalogue.KnownFile;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.dataset.download.PlacedFile.How;

/** Getting files from a server that behaves, and placing them. */
@Timeout(60)
class DownloadTest extends AgainstServer {
  @Test
  void aGoodServer() throws Exception {
    server.at("/one/a.bin", LocalServer.ranged(CONTENT, TAG));
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length);
    assertThat(notes).isEmpty();
    assertThat(progress)
        .startsWith("a.bin from localhost 0/300000")
        .contains("a.bin from localhost 300000/300000", "checking a.bin 300000/300000");
  }

  @Test
  void gzipIsUnpackedAndTheSecondCallAsksNobody() throws Exception {
    server.at("/one/a.bin.gz", LocalServer.ranged(Gzip.of(CONTENT), TAG));
    Download download = download(file("a.bin.gz"), server.uri("/one/"));
    assertGot(download.fromMirrors(), "/one/a.bin.gz");
    List<PlacedFile> again = download.fromMirrors();
    assertThat(again.getFirst().how()).isEqualTo(How.PRESENT);
    assertThat(again.getFirst().sha256()).isEqualTo(sha256(CONTENT));
    assertThat(server.requests()).hasSize(1);
  }

  /** As servers do that store files packed and unpack them on the way. */
  @Test
  void whatIsCalledGzipMayComePlain() throws Exception {
    server.at("/one/a.bin.gz", LocalServer.whole(CONTENT));
    assertGot(download(file("a.bin.gz"), server.uri("/one/")).fromMirrors(), "/one/a.bin.gz");
  }

  @Test
  void aDamagedFileInPlaceIsReplaced() throws Exception {
    Files.createDirectories(root.resolve("tiny"));
    Files.write(target(), OTHER);
    server.at("/one/a.bin", LocalServer.ranged(CONTENT, TAG));
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(notes)
        .singleElement()
        .asString()
        .startsWith("a.bin in %s is got again: its content begins".formatted(root.resolve("tiny")));
  }

  @Test
  void whatKilledProcessesLeftIsSweptButNotWhatCame() throws Exception {
    Path tiny = Files.createDirectories(root.resolve("tiny"));
    Files.write(tiny.resolve("a.bin.4711.part"), OTHER);
    Files.write(tiny.resolve("a.bin.4711.came.part"), OTHER);
    Files.write(tiny.resolve("a.bin.part.from.4711.part"), OTHER);
    Files.write(tiny.resolve("other.bin.part"), OTHER);
    server.at("/one/a.bin", LocalServer.ranged(CONTENT, TAG));
    assertThat(plain().fromMirrors()).hasSize(1);
    assertNothingElse("a.bin", "build.lock", "other.bin.part");
  }

  @Test
  void thePartOfAFileWhoseNameEndsInANumberStays() throws Exception {
    Path tiny = Files.createDirectories(root.resolve("tiny"));
    Files.write(tiny.resolve("a.2020.part"), OTHER);
    Files.write(tiny.resolve("a.2020.4711.part"), OTHER);
    KnownFile bin = file("a.bin");
    KnownFile dated =
        new KnownFile("a.2020", List.of(), "a.2020", bin.bytes(), bin.begins(), bin.checksums());
    assertThatThrownBy(() -> download(dated, server.uri("/one/")).fromMirrors())
        .isInstanceOf(IOException.class);
    assertNothingElse("a.2020.part", "build.lock");
  }

  @Test
  void onlyOneOfSeveralWorks() throws Exception {
    server.at(
        "/one/a.bin",
        (request, reply) -> {
          reply.head("200 OK", "Content-Length: 300000");
          for (int from = 0; from < 300_000; from += 30_000) {
            Thread.sleep(20);
            reply.body(CONTENT, from, from + 30_000);
          }
        });
    List<Future<List<PlacedFile>>> calls = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        KnownSet set =
            new KnownSet(
                "tiny",
                "",
                "",
                List.of(server.uri("/one/")),
                List.of(file("a.bin")),
                Optional.empty());
        Callable<List<PlacedFile>> call =
            () -> Download.of(set, root, PATIENT, DownloadListener.SILENT).fromMirrors();
        calls.add(threads.submit(call));
      }
    }
    List<How> how = new ArrayList<>();
    for (Future<List<PlacedFile>> call : calls) {
      how.add(call.get().getFirst().how());
    }
    assertThat(how).containsOnlyOnce(How.DOWNLOADED).contains(How.PRESENT);
    assertThat(server.requests()).hasSize(1);
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  @Test
  void whatCannotBeWritten() throws Exception {
    Files.writeString(root.resolve("tiny"), "a file where the folder should be");
    assertThatThrownBy(() -> plain().fromMirrors())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "%s cannot be written (tiny needs 300000 bytes there): "
                .formatted(root.resolve("tiny")));
    assertThatThrownBy(() -> ResumableTransfer.requireSpace(300_000, 299_999))
        .hasMessage("not enough disk space: 300000 bytes more are needed, 299999 are free");
    ResumableTransfer.requireSpace(300_000, 300_000);
  }

  @Test
  void aTargetThatIsAFolderIsNamed() throws Exception {
    Files.createDirectories(target().resolve("full"));
    server.at("/one/a.bin", LocalServer.ranged(CONTENT, TAG));
    assertThatThrownBy(() -> plain().fromMirrors())
        .hasMessageStartingWith(
            "a.bin cannot be placed in %s, which takes 300000 bytes: "
                .formatted(root.resolve("tiny")));
  }
}
