package org.ratescope.track;

import java.util.Map;

/**
 * Events as TensorBoard reads them: the messages Event, Summary, SummaryMetadata, TensorProto and
 * HParamsPluginData of its protocol buffers, with their field numbers.
 */
final class Event {
  private static final int DT_STRING = 7;
  private static final int DATA_CLASS_TENSOR = 2;
  private static final int SESSION_START = 1;
  private static final int SUCCESS = 1;
  private static final int FAILURE = 2;

  private Event() {}

  private static WireMessage at(double seconds, long step) {
    WireMessage event = new WireMessage().number(1, seconds);
    return step == 0 ? event : event.integer(2, step); // 0 is the default, which is left out
  }

  /** What a file begins with. */
  static WireMessage fileVersion(double seconds) {
    return at(seconds, 0).text(3, "brain.Event:2");
  }

  /** A beginning, or a new beginning: what was written before for this step or later is void. */
  static WireMessage sessionStart(double seconds) {
    return at(seconds, 0).message(7, new WireMessage().integer(1, SESSION_START));
  }

  /** Values of a step. */
  static WireMessage summary(double seconds, long step, WireMessage... values) {
    WireMessage summary = new WireMessage();
    for (WireMessage value : values) {
      summary.message(1, value);
    }
    return at(seconds, step).message(5, summary);
  }

  /** A value of a summary: a number, which TensorBoard keeps in single precision. */
  static WireMessage scalar(String tag, double value) {
    return new WireMessage().text(1, tag).number(2, (float) value);
  }

  /** The same with a description, for a tag's first value. */
  static WireMessage scalar(String tag, double value, String description) {
    WireMessage metadata =
        new WireMessage().message(1, new WireMessage().text(1, "scalars")).text(3, description);
    return scalar(tag, value).message(9, metadata);
  }

  /** A value of a summary: a text in Markdown. */
  static WireMessage text(String tag, String markdown) {
    WireMessage metadata =
        new WireMessage()
            .message(1, new WireMessage().text(1, "text"))
            .integer(4, DATA_CLASS_TENSOR);
    WireMessage tensor =
        new WireMessage().integer(1, DT_STRING).message(2, new WireMessage()).text(8, markdown);
    return new WireMessage().text(1, tag).message(8, tensor).message(9, metadata);
  }

  /**
   * A value of a summary: the settings of a run, for the table of hyperparameters.
   *
   * @param settings numbers and texts by name
   * @param group what runs that differ in nothing but their seed share
   */
  static WireMessage hyperparameters(Map<String, Object> settings, String group, double seconds) {
    WireMessage info = new WireMessage();
    settings.forEach(
        (name, setting) ->
            info.message(
                1,
                new WireMessage()
                    .text(1, name)
                    .message(
                        2,
                        setting instanceof Number number
                            ? new WireMessage().number(2, number.doubleValue())
                            : new WireMessage().text(3, setting.toString()))));
    info.text(4, group).number(5, seconds);
    return plugin("_hparams_/session_start_info", new WireMessage().message(3, info));
  }

  /** A value of a summary: how a run ended. */
  static WireMessage ended(boolean finished, double seconds) {
    WireMessage info =
        new WireMessage().integer(1, finished ? SUCCESS : FAILURE).number(2, seconds);
    return plugin("_hparams_/session_end_info", new WireMessage().message(4, info));
  }

  private static WireMessage plugin(String tag, WireMessage data) {
    WireMessage plugin = new WireMessage().text(1, "hparams").message(2, data);
    return new WireMessage().text(1, tag).message(9, new WireMessage().message(1, plugin));
  }
}
