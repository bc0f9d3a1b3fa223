package org.ratescope.progress;

import java.util.Map;
import org.ratescope.io.ProtobufWriter;

/**
 * Events as TensorBoard reads them: the messages Event, Summary, SummaryMetadata, TensorProto and
 * HParamsPluginData of its protocol buffers, with their field numbers.
 */
final class TensorBoardEvent {
  private static final int DT_STRING = 7;
  private static final int DATA_CLASS_TENSOR = 2;
  private static final int SESSION_START = 1;
  private static final int SUCCESS = 1;
  private static final int FAILURE = 2;

  private TensorBoardEvent() {}

  private static ProtobufWriter at(double seconds, long step) {
    ProtobufWriter event = new ProtobufWriter().number(1, seconds);
    return step == 0 ? event : event.integer(2, step); // 0 is the default, which is left out
  }

  /** What a file begins with. */
  static ProtobufWriter fileVersion(double seconds) {
    return at(seconds, 0).text(3, "brain.Event:2");
  }

  /** A beginning, or a new beginning: what was written before for this step or later is void. */
  static ProtobufWriter sessionStart(double seconds) {
    return at(seconds, 0).message(7, new ProtobufWriter().integer(1, SESSION_START));
  }

  /** Values of a step. */
  static ProtobufWriter summary(double seconds, long step, ProtobufWriter... values) {
    ProtobufWriter summary = new ProtobufWriter();
    for (ProtobufWriter value : values) {
      summary.message(1, value);
    }
    return at(seconds, step).message(5, summary);
  }

  /** A value of a summary: a number, which TensorBoard keeps in single precision. */
  static ProtobufWriter scalar(String tag, double value) {
    return new ProtobufWriter().text(1, tag).number(2, (float) value);
  }

  /** The same with a description, for a tag's first value. */
  static ProtobufWriter scalar(String tag, double value, String description) {
    ProtobufWriter metadata =
        new ProtobufWriter()
            .message(1, new ProtobufWriter().text(1, "scalars"))
            .text(3, description);
    return scalar(tag, value).message(9, metadata);
  }

  /** A value of a summary: a text in Markdown. */
  static ProtobufWriter text(String tag, String markdown) {
    ProtobufWriter metadata =
        new ProtobufWriter()
            .message(1, new ProtobufWriter().text(1, "text"))
            .integer(4, DATA_CLASS_TENSOR);
    ProtobufWriter tensor =
        new ProtobufWriter()
            .integer(1, DT_STRING)
            .message(2, new ProtobufWriter())
            .text(8, markdown);
    return new ProtobufWriter().text(1, tag).message(8, tensor).message(9, metadata);
  }

  /**
   * A value of a summary: the settings of a run, for the table of hyperparameters.
   *
   * @param settings numbers and texts by name
   * @param group what runs that differ in nothing but their seed share
   */
  static ProtobufWriter hyperparameters(
      Map<String, Object> settings, String group, double seconds) {
    ProtobufWriter info = new ProtobufWriter();
    settings.forEach(
        (name, setting) ->
            info.message(
                1,
                new ProtobufWriter()
                    .text(1, name)
                    .message(
                        2,
                        setting instanceof Number number
                            ? new ProtobufWriter().number(2, number.doubleValue())
                            : new ProtobufWriter().text(3, setting.toString()))));
    info.text(4, group).number(5, seconds);
    return plugin("_hparams_/session_start_info", new ProtobufWriter().message(3, info));
  }

  /** A value of a summary: how a run ended. */
  static ProtobufWriter ended(boolean finished, double seconds) {
    ProtobufWriter info =
        new ProtobufWriter().integer(1, finished ? SUCCESS : FAILURE).number(2, seconds);
    return plugin("_hparams_/session_end_info", new ProtobufWriter().message(4, info));
  }

  private static ProtobufWriter plugin(String tag, ProtobufWriter data) {
    ProtobufWriter plugin = new ProtobufWriter().text(1, "hparams").message(2, data);
    return new ProtobufWriter().text(1, tag).message(9, new ProtobufWriter().message(1, plugin));
  }
}
