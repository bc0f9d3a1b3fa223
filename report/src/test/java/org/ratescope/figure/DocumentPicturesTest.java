package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ratescope.figure.svg.PngText;

/** Pictures of figures in the documents were drawn by the present definitions of these figures. */
class DocumentPicturesTest {
  private static final Path DOCS = Path.of("../docs");

  /**
   * Screenshots, a picture of a data set, and figures drawn before pictures named their definition.
   */
  private static final Set<String> UNNAMED =
      Set.of("live.png", "live-narrow.png", "nearest-cd.png", "6.png");

  @Test
  void picturesAreUpToDate() throws Exception {
    List<String> stale = new ArrayList<>();
    int checked = 0;
    for (Path picture : pictures()) {
      Optional<String> said = PngText.of(Files.readAllBytes(picture), DrawnFigure.PNG_KEY);
      if (said.isEmpty()) {
        assertThat(UNNAMED)
            .as("%s was not drawn by this program", picture)
            .contains(picture.getFileName().toString());
        continue;
      }
      String name = said.get().split(" ", -1)[0];
      Figure now = Figure.find(name, Path.of("../studies/paper/figures"));
      if (!said.get().equals(name + " " + now.definition())) {
        stale.add(picture + ": draw it again as docs/gallery.md says");
      }
      checked++;
    }
    assertThat(stale).isEmpty();
    assertThat(checked).isGreaterThanOrEqualTo(4);
  }

  private static List<Path> pictures() throws IOException {
    try (Stream<Path> files = Files.walk(DOCS.resolve("images"))) {
      return files.filter(file -> file.toString().endsWith(".png")).sorted().toList();
    }
  }

  @Test
  void aTextInAPngIsFoundAgain() throws Exception {
    byte[] plain = Files.readAllBytes(pictures().getFirst());
    byte[] named = PngText.with(plain, "key", "a text");
    assertThat(PngText.of(named, "key")).contains("a text");
    assertThat(PngText.of(named, "other")).isEmpty();
    assertThat(javax.imageio.ImageIO.read(new java.io.ByteArrayInputStream(named))).isNotNull();
  }
}
