package org.ratescope.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleTreeTest {
  private static ModuleTree tree(List<String> names) {
    ModuleTree tree = new ModuleTree();
    names.forEach(name -> tree.add(name, "nn.Identity()"));
    return tree;
  }

  @Test
  void numberedPartsAreAList() {
    ModuleTree tree = tree(List.of("decoder.0", "decoder.1", "block.in"));

    assertThat(tree.reference("decoder.1")).isEqualTo("self.decoder[1]");
    assertThat(tree.reference("block.in")).isEqualTo("self.block[\"in\"]");
  }

  /** A PyTorch module that is made by one expression has no further parts. */
  @Test
  void aLayerInsideAnotherIsRefused() {
    for (List<String> names :
        List.of(
            List.of("decoder.0", "decoder.0.skip"),
            List.of("decoder.0.skip", "decoder.0"),
            List.of("decoder.0", "decoder.0"))) {
      assertThatThrownBy(() -> tree(names))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "layer %s is inside another layer; expected separate names"
                  .formatted(names.getLast()));
    }
  }
}
