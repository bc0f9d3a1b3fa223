package org.ratescope.model.architecture;

import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.spec.Architecture;

/** The layers of an {@link Architecture}. */
public interface NetworkArchitecture extends Architecture {

  /**
   * Adds the encoder's hidden layers to a network that reads images. The heads of mean and log
   * variance, which read the last of them, are added by the caller.
   */
  void encoder(LayerGraph network);

  /**
   * Adds the decoder's layers to a network that reads codes.
   *
   * @param images the shape of what the last layer computes, plane by plane
   */
  void decoder(LayerGraph network, ImageShape images);

  /** Whether rows and columns of the images matter; otherwise they are vectors. */
  default boolean readsPlanes() {
    return false;
  }

  /** The layers of an architecture. */
  static NetworkArchitecture of(Architecture architecture) {
    if (architecture instanceof NetworkArchitecture network) {
      return network;
    }
    throw new IllegalArgumentException("the architecture has no layers: " + architecture.text());
  }
}
