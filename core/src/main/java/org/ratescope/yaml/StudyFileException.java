package org.ratescope.yaml;

import java.io.IOException;

/**
 * What is wrong with a study file, or another YAML file that people write, as one line for them:
 * file, line, key, what came and what is allowed.
 */
public final class StudyFileException extends IOException {
  private static final long serialVersionUID = 1;

  public StudyFileException(String message) {
    super(message);
  }
}
