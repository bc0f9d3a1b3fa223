package org.ratescope.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.spec.Split;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.data.StoredImages;

/** Texts that say which images a model trained elsewhere is evaluated on. */
class ImagesReferenceTest {
  @Test
  void subsetsOfNamedSets() {
    assertThat(ImagesReference.parse("tetrominoes:cv:0.1"))
        .isEqualTo(
            new ImagesReference.Named(
                DataSpec.Tetrominoes.published(), new Split.ConstantVolume(0.1)));
    ImagesReference small = ImagesReference.parse("tetrominoes:shape=J,resolution=4:default");
    assertThat(ImagesReference.parse(small.text())).isEqualTo(small);
    assertThat(ImagesReference.parse("a/b.npy"))
        .isEqualTo(new ImagesReference.Stored(StoredImages.of(Path.of("a/b.npy"))));
    for (String wrong :
        List.of(
            "", "tetrominoes", "tetrominoes:cv", "cifar:cv:0.1", "x.npz", "array:x.npy,labels=y")) {
      assertThatThrownBy(() -> ImagesReference.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("got \"%s\"; expected a .npy file (".formatted(wrong));
    }
  }

  /** A data text has the same meaning as in a study; the printed text can be pasted. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b.npy",
        "A.NPY",
        "my file.npy",
        "array:x.npz,key=imgs",
        "array:x.npy,white=1",
        "array:\"a\\u002c b.npz\",key=\"a b\",layout=nchw,white=1",
        "hdf5:x.h5,key=a/b",
        "array:name=x,size=8,colour=grey,key=imgs",
        "images:name=photos,size=8x9,colour=rgb,fit=crop",
        "array:name=x,size=8,colour=grey,labels=y:heldout:\"big cat\"",
        "mnist:heldout:9"
      })
  void textsOfSubsets(String text) {
    assertThat(ImagesReference.parse(text).text()).isEqualTo(text);
  }
}
