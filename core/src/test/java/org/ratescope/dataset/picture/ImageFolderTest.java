package org.ratescope.dataset.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.format.FormatException;

/** Which files of a folder are used, and that the others are counted. */
class ImageFolderTest {
  @TempDir Path folder;

  private void files(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[0]);
    }
  }

  private String names(ImageFolder found) {
    return found.files().stream().map(f -> folder.relativize(f).toString()).toList().toString();
  }

  @Test
  void nestedFoldersBelongToTheirClass() throws IOException {
    files("cat/cover.png", "cat/s2/a.png", "cat/s1/b.png", "dog/s1/deep/er/a.jpe", "dog/b.JFIF");
    ImageFolder found = ImageFolder.list(folder);
    assertThat(found.classes()).containsExactly("cat", "dog");
    assertThat(found.labels()).containsExactly(0, 0, 0, 1, 1);
    assertThat(names(found))
        .isEqualTo("[cat/cover.png, cat/s1/b.png, cat/s2/a.png, dog/b.JFIF, dog/s1/deep/er/a.jpe]");
    assertThat(found.skipped().total()).isZero();
  }

  @Test
  void skippedFilesAreCountedAndNamed() throws IOException {
    files("a/1.png", "a/2.webp", "a/3.heic", "a/x/4.HEIC", "a/notes", "a/.hidden.png", "b/1.tif");
    files(".git/x.png", "a/.thumbs/1.png", "read me.txt");
    Files.createSymbolicLink(folder.resolve("a/gone.png"), folder.resolve("nowhere"));
    Files.createSymbolicLink(folder.resolve("a/x/loop"), folder);
    ImageFolder found = ImageFolder.list(folder);
    assertThat(names(found)).isEqualTo("[a/1.png, a/2.webp, b/1.tif]");
    assertThat(found.skipped().text())
        .isEqualTo(
            "9 (3 hidden, such as .git, 2 .heic, such as a/3.heic, 1 .txt: read me.txt,"
                + " 1 broken link: a/gone.png, 1 link to a folder above: a/x/loop,"
                + " 1 without a suffix: a/notes)");
  }

  @Test
  void aClassWithoutPicturesIsAnError() throws IOException {
    files("a/1.png", "b/1.heic", "b/2.heic");
    assertThatThrownBy(() -> ImageFolder.list(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(
            folder.resolve("b")
                + ": a class of which nothing can be read; skipped: 2 (2 .heic, such as b/1.heic)");
  }

  @Test
  void unusualNamesAreAccepted() throws IOException {
    files("big cat/1 .png", "dog's \"x\"/ü中.png", "new\nline/a\u001B[31m.png");
    ImageFolder found = ImageFolder.list(folder);
    assertThat(found.classes()).containsExactly("big cat", "dog's \"x\"", "new\nline");
    assertThat(found.files()).hasSize(3);
  }
}
