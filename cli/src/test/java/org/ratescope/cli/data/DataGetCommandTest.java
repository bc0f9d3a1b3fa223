package org.ratescope.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.Call;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;

class DataGetCommandTest {
  private static final Path MNIST = Path.of("..", "..", "shared", "data", "mnist");
  private static final byte[] CONTENT = "abcdefgh".getBytes(StandardCharsets.UTF_8);

  /** By sha256sum of GNU coreutils 9.1. */
  private static final String SHA256 =
      "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab";

  @TempDir Path folder;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/good/a.bin",
        exchange -> {
          exchange.sendResponseHeaders(200, CONTENT.length);
          exchange.getResponseBody().write(CONTENT);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Call call(String... arguments) {
    return Call.of(folder.resolve("cache"), arguments);
  }

  private Path data() {
    return folder.resolve("cache/datasets");
  }

  private String mirror(String path) {
    return "http://localhost:%d/%s/".formatted(server.getAddress().getPort(), path);
  }

  private Path catalogue(String file, String... mirrors) throws IOException {
    return Files.writeString(
        Files.createDirectories(data()).resolve(file),
        "mine:\n  mirrors: [%s]\n  files: {a.bin: {bytes: 8, sha256: %s}}\n"
            .formatted(String.join(", ", mirrors), SHA256));
  }

  private static JsonNode json(Call call) throws IOException {
    assertThat(call.code()).as(call.err()).isEqualTo(ExitCode.SUCCESS);
    return new ObjectMapper().readTree(call.out());
  }

  @Test
  void aSetOfAUsersCatalogueIsDownloadedAndListed() throws IOException {
    catalogue("datasets.yaml", mirror("bad"), mirror("good"));
    Call get = call("data", "get", "mine");
    Path file = data().resolve("mine/a.bin");
    assertThat(get.code()).as(get.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(get.out()).isEqualTo(file + "  downloaded (8), verified by SHA-256\n");
    assertThat(get.err()).startsWith(mirror("bad") + "a.bin: HTTP 404\n");
    assertThat(file).hasBinaryContent(CONTENT);

    JsonNode again = json(call("data", "get", "mine", "--json"));
    assertThat(again).hasSize(1);
    assertThat(again.get(0).get("how").textValue()).isEqualTo("present");
    assertThat(again.get(0).get("sha256").textValue()).isEqualTo(SHA256);
    assertThat(again.get(0).get("bytes").longValue()).isEqualTo(8);

    JsonNode sets = json(call("data", "list", "--json"));
    JsonNode mine = sets.get(sets.size() - 1);
    assertThat(mine.get("name").textValue()).isEqualTo("mine");
    assertThat(mine.get("present").booleanValue()).isTrue();
    assertThat(mine.get("files").get(0).get("path").textValue()).isEqualTo(file.toString());
  }

  @Test
  void aFailedDownloadEndsWithOneAndALine() throws IOException {
    Path file = catalogue("other.yaml", mirror("bad"));
    Call get = call("data", "get", "mine", "--catalogue", file.toString(), "--timeout", "5");
    assertThat(get.code()).isEqualTo(ExitCode.FAILED);
    assertThat(get.out()).isEmpty();
    assertThat(get.err().lines().toList().getLast())
        .startsWith(
            "ratescope: a.bin of mine could not be got. Tried: %sa.bin: HTTP 404. "
                .formatted(mirror("bad")))
        .contains("'ratescope data get mine --from PATH'");
  }

  @Test
  void wrongCallsEndWithTwo() throws IOException {
    Call unknown = call("data", "get", "minst");
    assertThat(unknown.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(unknown.err())
        .startsWith(
            "ratescope: got data set \"minst\"; expected mnist, fashion-mnist, smallnorb, 3dshapes,"
                + " hangul, or one that datasets.yaml");
    Call two = call("data", "get", "mnist", "3dshapes", "--from", ".");
    assertThat(two.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(two.err())
        .startsWith("ratescope: --from: got mnist, 3dshapes; expected one data set");
    assertThat(call("data", "get", "mnist", "--timeout", "0").code())
        .isEqualTo(ExitCode.WRONG_CALL);
    Path broken = Files.writeString(folder.resolve("broken.yaml"), "mine: {file: 1}");
    Call catalogue = call("data", "get", "mine", "--catalogue", broken.toString());
    assertThat(catalogue.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(catalogue.err())
        .startsWith("ratescope: " + broken + ":1: mine.file: unknown key; expected ");
  }

  @Test
  void filesOfTheUser() throws IOException {
    Path file = catalogue("other.yaml", mirror("bad"));
    Path own = Files.write(folder.resolve("copy"), CONTENT);
    Path data = folder.resolve("elsewhere");
    JsonNode taken =
        json(
            call(
                "data",
                "get",
                "mine",
                "--catalogue",
                file.toString(),
                "--from",
                own.toString(),
                "--data",
                data.toString(),
                "--json"));
    assertThat(taken.get(0).get("from").textValue()).isEqualTo(own.toString());
    assertThat(data.resolve("mine/a.bin")).hasBinaryContent(CONTENT);
    assertThat(data()).isDirectoryNotContaining("glob:**/mine");
  }

  @Test
  void theDataFolderFollowsTheEnvironment() {
    Path cache = Path.of("/c");
    assertThat(surroundings(Map.of()).datasets(cache)).isEqualTo(Path.of("/c/datasets"));
    assertThat(surroundings(Map.of("RATESCOPE_DATA", "")).datasets(cache))
        .isEqualTo(Path.of("/c/datasets"));
    assertThat(surroundings(Map.of("RATESCOPE_DATA", "/srv/data")).datasets(cache))
        .isEqualTo(Path.of("/srv/data"));
  }

  private static Environment surroundings(Map<String, String> environment) {
    return new Environment(environment, Path.of("."), false, Path.of("."));
  }

  /** The real files, if they are beside this checkout; they are not part of this repository. */
  @Test
  void mnistFromAFolder() throws IOException {
    assumeTrue(Files.isDirectory(MNIST), "skipped: MNIST's files are not beside this checkout");
    Call get = call("data", "get", "mnist", "--from", MNIST.toString());
    assertThat(get.code()).as(get.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(get.out().lines()).hasSize(4).allMatch(line -> line.endsWith("by SHA-256"));
    assertThat(get.err()).contains("checking train-images-idx3-ubyte: ", " of 44.9 MiB");
    try (Stream<Path> files = Files.list(data().resolve("mnist"))) {
      assertThat(files).hasSize(5); // and the lock
    }
  }
}
