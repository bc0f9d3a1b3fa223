package org.ratescope.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.figure.Figure;
import org.ratescope.figure.FigureException;
import org.ratescope.figure.Generated;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/**
 * A folder of figures from an untrusted author, in a report and in a browser: nothing is fetched,
 * run or written. A server on this machine counts requests.
 */
class HostileStudyTest {
  private static final Study STUDY = Generated.small(1);

  @TempDir Path folder;

  private final AtomicInteger asked = new AtomicInteger();
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::count);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private void count() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        asked.incrementAndGet();
        socket
            .getOutputStream()
            .write(
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // the next one
      }
    }
  }

  private String here() {
    return "http://127.0.0.1:%d/".formatted(server.getLocalPort());
  }

  /** Specs with all known kinds of external access, HERE standing for the server. */
  private static final List<String> SPECS =
      List.of(
          "{\"mark\": {\"type\": \"image\", \"url\": \"HEREa.png\", \"width\": 20, \"height\":"
              + " 20}}",
          "{\"mark\": {\"type\": \"image\", \"url\": {\"expr\": \"'HERE' + datum.a\"}, \"width\":"
              + " 20, \"height\": 20}}",
          "{\"mark\": {\"type\": \"image\", \"width\": 20, \"height\": 20}, \"encoding\": {\"url\":"
              + " {\"field\": \"far\"}}}",
          "{\"layer\": [{\"mark\": \"point\"}, {\"data\": {\"url\": \"HEREx.csv\"}, \"mark\":"
              + " \"point\"}]}",
          "{\"mark\": \"point\", \"transform\": [{\"lookup\": \"a\", \"from\": {\"data\": {\"url\":"
              + " \"HEREl.json\"}, \"key\": \"a\", \"fields\": [\"b\"]}}]}",
          "{\"layer\": [{\"data\": {\"url\": \"HEREg.json\", \"format\": {\"type\": \"topojson\","
              + " \"feature\": \"f\"}}, \"mark\": \"geoshape\"}]}",
          "{\"mark\": {\"type\": \"square\", \"size\": 90000, \"href\": \"HEREh\"}}",
          "{\"mark\": {\"type\": \"square\", \"size\": 90000, \"href\":"
              + " \"javascript:window.ran=1\"}}",
          "{\"mark\": {\"type\": \"square\", \"size\": 90000, \"cursor\": \"url(HEREc.cur), auto\","
              + " \"fill\": \"url(HEREp.svg#p)\"}}",
          "{\"mark\": {\"type\": \"square\", \"size\": 90000, \"tooltip\": {\"expr\": \"{image:"
              + " 'HEREt.png', title: '<img src=HEREi.png onerror=window.ran=1>'}\"}}}",
          "{\"mark\": \"point\", \"usermeta\": {\"embedOptions\": {\"actions\": true,"
              + " \"sourceHeader\": \"<script>opener.ran=1</script>\", \"patch\":"
              + " \"HEREpatch.json\", \"config\": \"HEREconfig.json\", \"loader\": {\"baseURL\":"
              + " \"HERE\"}}}}",
          "{\"mark\": \"point\", \"usermeta\": {\"embedOptions\": \"HEREoptions.json\"}}",
          "{\"mark\": {\"type\": \"text\", \"text\": {\"expr\":"
              + " \"warn.constructor('window.ran=1')()\"}}}",
          "{\"mark\": \"point\", \"title\": \"</script><script>window.ran=1</script><img src=HEREx"
              + " onerror='window.ran=1'>\"}");

  private List<String> specs() {
    return SPECS.stream().map(spec -> spec.replace("HERE", here())).toList();
  }

  private String query() {
    return "select 1 as a, '%sf.png' as far".formatted(here());
  }

  @Test
  void aReportOfItFetchesAndWritesNothing() throws Exception {
    Path figures = folder.resolve("study/figures");
    List<String> queries =
        List.of(
            "copy (select 1 as a) to '%s'".formatted(folder.resolve("written.csv")),
            "from read_text('/etc/hostname')",
            "from read_csv('%sx.csv')".formatted(here()));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      names.add(figure(figures, "q" + i, queries.get(i), "{\"mark\": \"point\"}"));
    }
    for (int i = 0; i < specs().size(); i++) {
      names.add(figure(figures, "s" + i, query(), specs().get(i)));
    }
    figure(figures, "rate-distortion", queries.getFirst(), "{\"mark\": \"point\"}");
    RecordStore store = Generated.write(STUDY, RecordStore.at(folder.resolve("results")));
    Path out = folder.resolve("out");
    try (Records records = Records.open(Suite.of(STUDY), store)) {
      Suite suite = Suite.of(STUDY);
      Report report = Report.write(suite, records, figures, out, List.of());
      assertThat(report.problems())
          .anyMatch(line -> line.contains("replaces the built-in figure"))
          .anyMatch(line -> line.contains("disabled by configuration"));
      for (String name : names) {
        try {
          Figure.find(name, figures).draw(Suite.of(STUDY), records).write(out);
        } catch (FigureException e) {
          assertThat(e).hasMessageContaining(name);
        }
      }
    }
    assertThat(folder.resolve("written.csv")).doesNotExist();
    try (Stream<Path> files = Files.walk(out)) {
      for (Path svg : files.filter(file -> file.toString().endsWith(".svg")).toList()) {
        assertThat(Files.readString(svg))
            .as("%s", svg)
            .doesNotContain("href=\"http")
            .doesNotContain("href=\"javascript")
            .doesNotContain("url(http")
            .doesNotContain("<script");
      }
    }
    assertThat(asked).hasValue(0);
  }

  private static String figure(Path figures, String name, String sql, String spec)
      throws IOException {
    Path own = Files.createDirectories(figures.resolve(name));
    Files.writeString(own.resolve("query.sql"), sql);
    Files.writeString(own.resolve("spec.vl.json"), spec);
    return name;
  }

  /** The page itself is a barrier: these specs have not been checked before. */
  @Test
  @Tag("browser")
  void theirPageFetchesAndRunsNothing(@TempDir Path profile) throws Exception {
    Path executable = Browser.find();
    assumeTrue(executable != null, "skipped: this machine has no Chromium");
    List<DrawnFigure> figures = new ArrayList<>();
    String rows =
        "\"data\": {\"name\": \"rows\", \"values\": [{\"a\": 1, \"far\": \"%sf.png\"}]}, "
            .formatted(here());
    for (int i = 0; i < specs().size(); i++) {
      String spec = "{" + rows + specs().get(i).substring(1);
      figures.add(
          new DrawnFigure(
              "s" + i,
              "",
              "<img src=%sx.png onerror='window.ran=1'>".formatted(here()),
              "<script>window.ran=1</script>",
              new QueryResult(List.of(), List.of()),
              new QueryResult(List.of(), List.of()),
              spec,
              "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100\" height=\"100\"/>",
              List.of(),
              ""));
    }
    Path page = folder.resolve("report.html");
    try (Records records = Records.open(Suite.of(STUDY), RecordStore.at(folder.resolve("none")))) {
      Suite suite = Suite.of(STUDY);
      List<String> problems = List.of("<img src=%sy.png onerror='window.ran=1'>".formatted(here()));
      Files.writeString(page, new Page(suite, records, List.of(), figures, problems).html());
    }
    try (Browser browser = Browser.open(Objects.requireNonNull(executable), profile, page)) {
      browser.show(1280, "light");
      browser.await(ReportBrowserTest.allDrawn(1280, "light"));
      browser.evaluate(
          """
          (() => {
            for (const mark of document.querySelectorAll('.chart svg path, .chart svg image, .chart svg text, .chart a, .chart summary')) {
              for (const type of ['pointerover', 'pointermove', 'mousemove', 'click']) {
                mark.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: 5, clientY: 5, view: window }));
              }
            }
            setTimeout(() => { try { window.evaluated = Function('return 1')(); } catch (e) { window.evaluated = 'blocked'; } });
            const image = new Image(); image.src = '%1$s' + 'own.png';
            fetch('%1$s').catch(() => 0);
          })()
          """
              .formatted(here()));
      browser.await("new Promise(done => setTimeout(() => done(true), 1500))");
      assertThat(browser.evaluate("typeof window.ran").asText()).isEqualTo("undefined");
      assertThat(browser.evaluate("window.evaluated").asText()).isEqualTo("blocked");
      assertThat(browser.evaluate("document.querySelectorAll('.chart details').length").asInt())
          .as("menus of vega-embed")
          .isZero();
    }
    assertThat(asked).as("requests").hasValue(0);
  }
}
