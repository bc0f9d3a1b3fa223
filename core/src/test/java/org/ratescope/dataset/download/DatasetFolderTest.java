package org.ratescope.dataset.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetFolderTest {
  @TempDir Path root;

  @Test
  void contentIsPreferredToGzipAndUsualNamesAreKnown() throws IOException {
    DatasetFolder folder = DatasetFolder.of(root, "mnist");
    Path path = Files.createDirectories(root.resolve("mnist"));
    assertThat(folder.path()).isEqualTo(path);
    Path dotted = Files.createFile(path.resolve("t10k-images.idx3-ubyte.gz"));
    assertThat(folder.file("t10k-images-idx3-ubyte")).isEqualTo(dotted);
    Path packed = Files.createFile(path.resolve("t10k-images-idx3-ubyte.gz"));
    assertThat(folder.file("t10k-images-idx3-ubyte")).isEqualTo(packed);
    Path plain = Files.createFile(path.resolve("t10k-images-idx3-ubyte"));
    assertThat(folder.file("t10k-images-idx3-ubyte")).isEqualTo(plain);
  }

  @Test
  void aMissingFileIsAnErrorThatSaysHowToGetIt() {
    assertThatThrownBy(() -> DatasetFolder.of(root, "3dshapes").file("3dshapes.h5"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "data set 3dshapes is not here: %s has none of 3dshapes.h5, 3dshapes.h5.gz,"
                + " shapes3d.h5, shapes3d.h5.gz; 'ratescope data get 3dshapes' gets it, 'ratescope"
                + " data get 3dshapes --from PATH' takes files you have",
            root.resolve("3dshapes"));
  }

  @Test
  void setsOfNoCatalogueHaveFilesOfJustTheirNames() throws IOException {
    Path file = Files.createDirectories(root.resolve("mine")).resolve("x.npz");
    assertThat(DatasetFolder.of(root, "mine").find("x.npz")).isEmpty();
    Files.createFile(file);
    assertThat(DatasetFolder.of(root, "mine").find("x.npz")).contains(file);
  }
}
