-- A session log of a kiosk of November 2026 (schema 4): a set of three repetitions on each side, two holds, a ride. Recorded with
-- emulated sensors by the program of that time and dumped by sqlite3. Never edited: it has to open, replay and export the same for ever.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta(
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL, crc32c INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO meta VALUES('clean_shutdown','yes',1148825282);
INSERT INTO meta VALUES('opened','4',97787716);
CREATE TABLE client(
  ref          TEXT PRIMARY KEY,
  name         TEXT NOT NULL DEFAULT '',
  added_utc_us INTEGER NOT NULL, crc32c INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE staff(
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL DEFAULT '',
  role         TEXT NOT NULL DEFAULT '',
  added_utc_us INTEGER NOT NULL, pin_hash TEXT NOT NULL DEFAULT '', removed_utc_us INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, crc32c INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE station_revision(
  key               INTEGER PRIMARY KEY,
  hash              TEXT NOT NULL UNIQUE,
  station_id        TEXT NOT NULL,
  station_json      TEXT NOT NULL,
  params_json       TEXT NOT NULL,
  first_used_utc_us INTEGER NOT NULL, crc32c INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO station_revision VALUES(1,'28b2e3967b722c667ff88593c59cef1bf342fd6952f4ef570a4cdc46215f724a','tke','{"bindings":[{"channel":"force","device_channel":"force","driver":"chronojump_force","driver_id":"org.patella.chronojump_force","driver_version":"1.0.0","params":{},"port":"","serial":""}],"exercise":{"figure":"tke","icon":"band","id":"terminal_knee_extension","name":"Terminal knee extension","steps":["Loop the band behind one knee, at knee height.","Step back until it is taut, and stand tall.","From a soft bend, straighten the leg against it.","Hold, then go back to the soft bend slowly."],"watch_for":["Knee snapping back.","Trunk leaning."]},"id":"tke","module":{"id":"org.patella.band_reps","plugin":"band_reps","version":"1.3.0"},"params":{"countdown_s":3,"force_high_n":90,"force_low_n":40,"hold_s":1,"max_rep_s":0,"min_rep_s":0.2,"min_rise_s":0,"profile":"full","release_force_n":0,"reps":3,"rest_load_max_n":0,"rest_load_zero":false,"rest_s":3,"sets":1,"side_change_s":3,"sides":"left_first","slack_force_n":10,"start_force_n":0,"tempo_down_s":0,"tempo_up_s":0},"rules":{"lost_after_s":1,"on_yes":{},"pain_blocks_start":false,"pain_tell_staff_from":5,"pause_on_loss":true},"set_by":"Physio M. Berg, 2026-10-02","set_by_physio":true,"subtitle":"Band at knee height","title":"Knee extension"}','[{"key":"sets","number":1.0,"row":-1},{"key":"reps","number":3.0,"row":-1},{"key":"rest_s","number":3.0,"row":-1},{"key":"sides","number":1.0,"row":-1},{"key":"side_change_s","number":3.0,"row":-1},{"key":"countdown_s","number":3.0,"row":-1},{"key":"profile","number":0.0,"row":-1},{"key":"force_low_n","number":40.0,"row":-1},{"key":"force_high_n","number":90.0,"row":-1},{"key":"start_force_n","number":0.0,"row":-1},{"key":"release_force_n","number":0.0,"row":-1},{"key":"hold_s","number":1.0,"row":-1},{"key":"min_rise_s","number":0.0,"row":-1},{"key":"min_rep_s","number":0.2,"row":-1},{"key":"max_rep_s","number":0.0,"row":-1},{"key":"slack_force_n","number":10.0,"row":-1},{"key":"rest_load_zero","number":0.0,"row":-1},{"key":"rest_load_max_n","number":0.0,"row":-1},{"key":"tempo_up_s","number":0.0,"row":-1},{"key":"tempo_down_s","number":0.0,"row":-1}]',1796038312251059,2398404900);
INSERT INTO station_revision VALUES(2,'62eac7ff3c79b7e1cf59fa0ec6eb17d2be9030fe72390b5793223367cf53c7eb','wall_sit','{"bindings":[{"channel":"force","device_channel":"force","driver":"hid_scale","driver_id":"org.patella.hid_scale","driver_version":"1.0.0","params":{},"port":"","serial":""}],"exercise":{"figure":"wall_sit","icon":"wall","id":"wall_sit","name":"Wall sit","steps":["Put your back flat against the wall.","Slide down to a shallow seat.","Press evenly through both feet.","Breathe steadily while you hold.","Slide back up when the time is over."],"watch_for":["Holding your breath.","Going deeper than is comfortable."]},"id":"wall_sit","module":{"id":"org.patella.hold","plugin":"hold","version":"1.0.0"},"params":{"countdown_s":3,"force_high_n":0,"force_low_n":0,"gate":"none","grace_s":2,"hold_s":4,"rest_s":3,"sets":2,"side_change_s":10,"sides":"none"},"rules":{"lost_after_s":1.5,"on_yes":{},"pain_blocks_start":false,"pain_tell_staff_from":5,"pause_on_loss":false},"set_by":"Physio M. Berg, 2026-10-02","set_by_physio":true,"subtitle":"Hold a shallow seat","title":"Wall sit"}','[{"key":"sets","number":2.0,"row":-1},{"key":"hold_s","number":4.0,"row":-1},{"key":"rest_s","number":3.0,"row":-1},{"key":"sides","number":0.0,"row":-1},{"key":"side_change_s","number":10.0,"row":-1},{"key":"countdown_s","number":3.0,"row":-1},{"key":"gate","number":0.0,"row":-1},{"key":"force_low_n","number":0.0,"row":-1},{"key":"force_high_n","number":0.0,"row":-1},{"key":"grace_s","number":2.0,"row":-1}]',1796038360575631,2537864610);
INSERT INTO station_revision VALUES(3,'0d6e4842bc40fb621109f1087bf5ecbde73bda9576938dfbf3bed8a02e5e1bc2','bike_warm_up','{"bindings":[{"channel":"cadence","device_channel":"cadence","driver":"concept2_pm5","driver_id":"org.patella.concept2_pm5","driver_version":"1.0.0","params":{},"port":"","serial":""},{"channel":"power","device_channel":"power","driver":"concept2_pm5","driver_id":"org.patella.concept2_pm5","driver_version":"1.0.0","params":{},"port":"","serial":""},{"channel":"heart_rate","device_channel":"heart_rate","driver":"concept2_pm5","driver_id":"org.patella.concept2_pm5","driver_version":"1.0.0","params":{},"port":"","serial":""},{"channel":"distance","device_channel":"distance","driver":"concept2_pm5","driver_id":"org.patella.concept2_pm5","driver_version":"1.0.0","params":{},"port":"","serial":""}],"exercise":{"figure":"bike","icon":"bike","id":"cycling_warm_up","name":"Stationary bike","steps":["Set the seat: knee slightly bent at the bottom.","Choose a low resistance.","Pedal smoothly and at an even pace.","It should feel easy and warm."],"watch_for":["Sharp pain: press pain stop.","Seat too low or too far back: ask staff."]},"id":"bike_warm_up","module":{"id":"org.patella.cycling","plugin":"cycling","version":"1.0.0"},"params":{"countdown_s":3,"phases":[{"cadence_high_rpm":90,"cadence_low_rpm":70,"duration_s":9,"heart_rate_ceiling_bpm":0,"name":"Easy","power_ceiling_w":0},{"cadence_high_rpm":90,"cadence_low_rpm":70,"duration_s":9,"heart_rate_ceiling_bpm":0,"name":"Steady","power_ceiling_w":0}],"resume_after_s":1,"stop_after_s":3},"rules":{"lost_after_s":2,"on_yes":{},"pain_blocks_start":false,"pain_tell_staff_from":5,"pause_on_loss":true},"set_by":"Physio M. Berg, 2026-10-02","set_by_physio":true,"subtitle":"Easy and steady","title":"Bike warm-up"}','[{"key":"phases.name","row":0,"text":"Easy"},{"key":"phases.duration_s","number":9.0,"row":0},{"key":"phases.cadence_low_rpm","number":70.0,"row":0},{"key":"phases.cadence_high_rpm","number":90.0,"row":0},{"key":"phases.power_ceiling_w","number":0.0,"row":0},{"key":"phases.heart_rate_ceiling_bpm","number":0.0,"row":0},{"key":"phases.name","row":1,"text":"Steady"},{"key":"phases.duration_s","number":9.0,"row":1},{"key":"phases.cadence_low_rpm","number":70.0,"row":1},{"key":"phases.cadence_high_rpm","number":90.0,"row":1},{"key":"phases.power_ceiling_w","number":0.0,"row":1},{"key":"phases.heart_rate_ceiling_bpm","number":0.0,"row":1},{"key":"countdown_s","number":3.0,"row":-1},{"key":"stop_after_s","number":3.0,"row":-1},{"key":"resume_after_s","number":1.0,"row":-1}]',1796038374709448,936442929);
CREATE TABLE session(
  key              INTEGER PRIMARY KEY,
  id               TEXT NOT NULL UNIQUE,
  station_id       TEXT NOT NULL,
  station_title    TEXT NOT NULL,
  client_ref       TEXT NOT NULL,
  started_utc_us   INTEGER NOT NULL,
  zone_offset_min  INTEGER NOT NULL,
  started_mono_us  INTEGER NOT NULL,
  boot_id          TEXT NOT NULL,
  module_id        TEXT NOT NULL,
  module_version   TEXT NOT NULL,
  plugin           TEXT NOT NULL,
  revision_key     INTEGER NOT NULL REFERENCES station_revision(key),
  seed             INTEGER NOT NULL,
  present          INTEGER NOT NULL,
  outcome          TEXT NOT NULL DEFAULT '',
  end_us           INTEGER NOT NULL DEFAULT 0,
  pain_before      INTEGER NOT NULL DEFAULT -1,
  pain_after       INTEGER NOT NULL DEFAULT -1,
  effort           INTEGER NOT NULL DEFAULT -1,
  last_seq         INTEGER NOT NULL DEFAULT 0,
  last_event       INTEGER NOT NULL DEFAULT 0,
  last_us          INTEGER NOT NULL DEFAULT 0,
  sets             INTEGER NOT NULL DEFAULT 0,
  reps             INTEGER NOT NULL DEFAULT 0,
  reps_not_counted INTEGER NOT NULL DEFAULT 0,
  holds            INTEGER NOT NULL DEFAULT 0,
  gaps             INTEGER NOT NULL DEFAULT 0,
  sealed           INTEGER NOT NULL DEFAULT 0,
  crc32c           INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO session VALUES(1,'01a22c39-c13b-7aac-afba-71cea6855baf','tke','Knee extension','guest',1796038312251059,0,3582786004,'a1ee158e-af0f-47b7-8179-ff9a896707a5','org.patella.band_reps','1.3.0','band_reps',1,3380192219387111962,1,'completed',48235564,-1,-1,-1,4782,31,48233533,1,6,1,0,1,1,2220426400);
INSERT INTO session VALUES(2,'01a22c3a-7dff-7cd9-8f4d-5efc9ad7bb78','wall_sit','Wall sit','guest',1796038360575631,0,3631110578,'a1ee158e-af0f-47b7-8179-ff9a896707a5','org.patella.hold','1.0.0','hold',2,4065181855608804829,1,'completed',14051245,-1,-1,-1,354,23,14050400,2,0,0,2,1,1,1394794091);
INSERT INTO session VALUES(3,'01a22c3a-b535-7e4b-838e-f9f34f3db810','bike_warm_up','Bike warm-up','guest',1796038374709448,0,3645244389,'a1ee158e-af0f-47b7-8179-ff9a896707a5','org.patella.cycling','1.0.0','cycling',3,8712449781953717050,15,'completed',22852995,-1,-1,-1,1164,42,22851216,0,0,0,0,4,1,2884194241);
CREATE TABLE session_channel(
  session_key INTEGER NOT NULL REFERENCES session(key),
  idx         INTEGER NOT NULL,
  key         TEXT NOT NULL,
  unit        TEXT NOT NULL,
  driver      TEXT NOT NULL,
  serial      TEXT NOT NULL, calibration TEXT NOT NULL DEFAULT '', samples INTEGER NOT NULL DEFAULT 0, rate_hz REAL, jitter_ms REAL, lost INTEGER, crc32c INTEGER NOT NULL DEFAULT 0,
  UNIQUE(session_key, idx)) STRICT;
INSERT INTO session_channel VALUES(1,0,'force','N','org.patella.chronojump_force','A50285BI','',3815,88.23999999999999488,0.17999999999999999333,0,3999095171);
INSERT INTO session_channel VALUES(2,0,'force','N','org.patella.hid_scale','0000000000001','',70,5.0,0.0,0,3297286397);
INSERT INTO session_channel VALUES(3,0,'cadence','rpm','org.patella.concept2_pm5','430228525','',225,9.9900000000000002131,0.0,0,1359281248);
INSERT INTO session_channel VALUES(3,1,'power','W','org.patella.concept2_pm5','430228525','',225,9.9900000000000002131,0.0,0,3886310335);
INSERT INTO session_channel VALUES(3,2,'heart_rate','bpm','org.patella.concept2_pm5','430228525','',23,1.0,0.0,0,2895244537);
INSERT INTO session_channel VALUES(3,3,'distance','m','org.patella.concept2_pm5','430228525','',225,9.9900000000000002131,0.0,0,1979703973);
CREATE TABLE event(
  session_key INTEGER NOT NULL REFERENCES session(key),
  number      INTEGER NOT NULL,
  after_seq   INTEGER NOT NULL,
  ordinal     INTEGER NOT NULL,
  t_us        INTEGER NOT NULL,
  origin      INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  fields      TEXT NOT NULL,
  crc32c      INTEGER NOT NULL,
  UNIQUE(session_key, number)) STRICT;
INSERT INTO event VALUES(1,1,0,0,0,1,'state','[["screen","screening"]]',2906751850);
INSERT INTO event VALUES(1,2,0,0,0,1,'state','[["screen","set_up"]]',1879443225);
INSERT INTO event VALUES(1,3,1,0,0,1,'gap','[["channel","force"],["state","lost"],["text","Waiting for Chronojump force sensor: plug it in"]]',2638667662);
INSERT INTO event VALUES(1,4,1,0,7129,1,'device','[["channel","force"],["text","Chronojump force sensor is starting"]]',1619896329);
INSERT INTO event VALUES(1,5,1,0,7139,1,'calibration','[["channel","force"],["id",""],["serial","A50285BI"],["calibrated",""],["slope",1.0],["offset",0.0]]',4261140051);
INSERT INTO event VALUES(1,6,101,0,5009639,1,'device','[["channel","force"],["text",""]]',604921296);
INSERT INTO event VALUES(1,7,102,0,5009653,1,'gap','[["channel","force"],["state","back"],["lasted_s",5.009653091430664]]',1390447302);
INSERT INTO event VALUES(1,8,160,0,5512226,1,'action','[["name","start"]]',3099158255);
INSERT INTO event VALUES(1,9,160,0,5512226,1,'state','[["screen","live"]]',50091960);
INSERT INTO event VALUES(1,10,488,4,8512226,2,'set_start','[["set",1.0],["side","left"]]',1611798259);
INSERT INTO event VALUES(1,11,924,8,12575276,2,'rep','[["set",1.0],["n",1.0],["counted","yes"],["side","left"],["peak_n",59.57214224960706],["mean_n",43.59159919456269],["hold_s",2.131634],["rise_s",0.374137],["down_s",0.77085],["rep_s",3.2653],["impulse_ns",142.83511096645097],["start_s",0.79775],["tare_n",-0.012142249607061525],["rfd_n_per_s",89.02513074647908]]',1535689606);
INSERT INTO event VALUES(1,12,1588,17,18709163,2,'rep','[["set",1.0],["n",2.0],["counted","yes"],["side","left"],["peak_n",63.52214224960706],["mean_n",47.27601475111105],["hold_s",2.415094],["rise_s",0.362697],["down_s",0.703027],["rep_s",3.469431],["impulse_ns",164.55806848957883],["start_s",6.727506],["tare_n",-0.012142249607061525],["rfd_n_per_s",103.86629788736539]]',358210664);
INSERT INTO event VALUES(1,13,2250,26,24831589,2,'rep','[["set",1.0],["n",3.0],["counted","yes"],["side","left"],["peak_n",62.81214224960706],["mean_n",46.058101051975356],["hold_s",2.517007],["rise_s",0.396757],["down_s",0.804957],["rep_s",3.707451],["impulse_ns",171.28114254069226],["start_s",12.611912],["tare_n",-0.012142249607061525],["rfd_n_per_s",94.17766223573841]]',3919619992);
INSERT INTO event VALUES(1,14,2250,32,24831589,2,'set_end','[["set",1.0],["n",3.0],["side","left"]]',1259353919);
INSERT INTO event VALUES(1,15,2250,0,24832421,1,'state','[["screen","rest"]]',2815445107);
INSERT INTO event VALUES(1,16,2577,38,27831589,2,'set_start','[["set",1.0],["side","right"]]',4099057079);
INSERT INTO event VALUES(1,17,2577,0,27850753,1,'state','[["screen","live"]]',4171618750);
INSERT INTO event VALUES(1,18,2886,39,30670661,2,'rep','[["set",1.0],["n",0.0],["counted","no"],["side","right"],["reason","not released"],["peak_n",57.49756159866372],["mean_n",46.35502255329304],["hold_s",2.142781],["rise_s",0.0],["down_s",0.680387],["rep_s",2.811793],["impulse_ns",130.3407279301915],["start_s",0.027279],["tare_n",5.012438401336273],["rfd_n_per_s",41.19222055491801]]',1031369400);
INSERT INTO event VALUES(1,19,3494,49,36294121,2,'rep','[["set",1.0],["n",1.0],["counted","yes"],["side","right"],["peak_n",56.63756159866372],["mean_n",42.47963298670778],["hold_s",1.802605],["rise_s",0.305997],["down_s",0.668977],["rep_s",2.766257],["impulse_ns",117.99414728039066],["start_s",5.696275],["tare_n",5.012438401336273],["rfd_n_per_s",105.28169703136919]]',2141518672);
INSERT INTO event VALUES(1,20,4120,58,42087921,2,'rep','[["set",1.0],["n",2.0],["counted","yes"],["side","right"],["peak_n",51.17756159866372],["mean_n",38.20411446710379],["hold_s",1.746254],["rise_s",0.408197],["down_s",0.759486],["rep_s",2.902563],["impulse_ns",111.32633110776683],["start_s",11.353769],["tare_n",5.012438401336273],["rfd_n_per_s",83.01842460791408]]',2011148517);
INSERT INTO event VALUES(1,21,4782,67,48187448,2,'rep','[["set",1.0],["n",3.0],["counted","yes"],["side","right"],["peak_n",57.43756159866373],["mean_n",42.812917461195276],["hold_s",2.074804],["rise_s",0.419387],["down_s",0.657372],["rep_s",3.140395],["impulse_ns",134.93865232546196],["start_s",17.215464],["tare_n",5.012438401336273],["rfd_n_per_s",86.13441270213724]]',2303570340);
INSERT INTO event VALUES(1,22,4782,73,48187448,2,'set_end','[["set",1.0],["n",3.0],["side","right"]]',1492722459);
INSERT INTO event VALUES(1,23,4782,74,48187448,2,'done','[]',628554602);
INSERT INTO event VALUES(1,24,4782,0,48233533,1,'outcome','[["outcome","completed"]]',617468569);
INSERT INTO event VALUES(1,25,4782,0,48233533,1,'metric','[["key","reps_counted"],["unit",""],["value",6.0]]',2546447197);
INSERT INTO event VALUES(1,26,4782,0,48233533,1,'metric','[["key","reps_not_counted"],["unit",""],["value",1.0]]',191015522);
INSERT INTO event VALUES(1,27,4782,0,48233533,1,'metric','[["key","best_peak_n"],["unit","N"],["value",63.52214224960706]]',3787261622);
INSERT INTO event VALUES(1,28,4782,0,48233533,1,'metric','[["key","mean_peak_n"],["unit","N"],["value",58.526518590802056]]',2688239211);
INSERT INTO event VALUES(1,29,4782,0,48233533,1,'metric','[["key","impulse_ns"],["unit","N·s"],["value",842.9334527103414]]',223491969);
INSERT INTO event VALUES(1,30,4782,0,48233533,1,'quality','[["channel","force"],["samples",3815.0],["rate_hz",88.24],["jitter_ms",0.18],["lost",0.0]]',3456405154);
INSERT INTO event VALUES(1,31,4782,0,48233533,1,'state','[["screen","after"]]',3667958296);
INSERT INTO event VALUES(2,1,0,0,0,1,'state','[["screen","screening"]]',2302321766);
INSERT INTO event VALUES(2,2,0,0,0,1,'state','[["screen","set_up"]]',3283512010);
INSERT INTO event VALUES(2,3,1,0,0,1,'gap','[["channel","force"],["state","lost"],["text","Waiting for USB weighing scale: plug it in"]]',4242413235);
INSERT INTO event VALUES(2,4,2,0,5458,1,'action','[["name","start"]]',1149496140);
INSERT INTO event VALUES(2,5,2,0,5458,1,'state','[["screen","live"]]',1494302758);
INSERT INTO event VALUES(2,6,2,0,15467,1,'device','[["channel","force"],["text","USB weighing scale is starting"]]',3387737700);
INSERT INTO event VALUES(2,7,2,0,15483,1,'calibration','[["channel","force"],["id",""],["serial","0000000000001"],["calibrated",""],["slope",1.0],["offset",0.0]]',3080823478);
INSERT INTO event VALUES(2,8,5,0,158329,1,'device','[["channel","force"],["text",""]]',913065219);
INSERT INTO event VALUES(2,9,6,0,158345,1,'gap','[["channel","force"],["state","back"],["lasted_s",0.15834499895572662]]',1853669512);
INSERT INTO event VALUES(2,10,79,4,3005458,2,'set_start','[["set",1.0]]',1808024375);
INSERT INTO event VALUES(2,11,179,5,7005458,2,'hold','[["set",1.0],["counted","yes"],["hold_s",4.0],["mean_n",0.0],["min_n",0.0],["peak_n",0.0]]',2597122163);
INSERT INTO event VALUES(2,12,179,9,7005458,2,'set_end','[["set",1.0],["n",1.0]]',3708069078);
INSERT INTO event VALUES(2,13,179,0,7050850,1,'state','[["screen","rest"]]',604840857);
INSERT INTO event VALUES(2,14,254,15,10005458,2,'set_start','[["set",2.0]]',4133568276);
INSERT INTO event VALUES(2,15,254,0,10050579,1,'state','[["screen","live"]]',2408312593);
INSERT INTO event VALUES(2,16,354,16,14005458,2,'hold','[["set",2.0],["counted","yes"],["hold_s",4.0],["mean_n",0.0],["min_n",0.0],["peak_n",0.0]]',1743117309);
INSERT INTO event VALUES(2,17,354,20,14005458,2,'set_end','[["set",2.0],["n",1.0]]',446140445);
INSERT INTO event VALUES(2,18,354,21,14005458,2,'done','[]',3458575559);
INSERT INTO event VALUES(2,19,354,0,14050400,1,'outcome','[["outcome","completed"]]',1523928030);
INSERT INTO event VALUES(2,20,354,0,14050400,1,'metric','[["key","held_s"],["unit","s"],["value",8.0]]',1643400409);
INSERT INTO event VALUES(2,21,354,0,14050400,1,'metric','[["key","holds_counted"],["unit",""],["value",2.0]]',2062436629);
INSERT INTO event VALUES(2,22,354,0,14050400,1,'quality','[["channel","force"],["samples",70.0],["rate_hz",5.0],["jitter_ms",0.0],["lost",0.0]]',3966300406);
INSERT INTO event VALUES(2,23,354,0,14050400,1,'state','[["screen","after"]]',3018295053);
INSERT INTO event VALUES(3,1,0,0,0,1,'state','[["screen","screening"]]',2501097826);
INSERT INTO event VALUES(3,2,0,0,0,1,'state','[["screen","set_up"]]',2904968827);
INSERT INTO event VALUES(3,3,1,0,0,1,'gap','[["channel","cadence"],["state","lost"],["text","Waiting for Concept2 PM5: plug it in"]]',3546586080);
INSERT INTO event VALUES(3,4,2,0,0,1,'gap','[["channel","power"],["state","lost"],["text","Waiting for Concept2 PM5: plug it in"]]',4268032776);
INSERT INTO event VALUES(3,5,3,0,0,1,'gap','[["channel","heart_rate"],["state","lost"],["text","Waiting for Concept2 PM5: plug it in"]]',3698512592);
INSERT INTO event VALUES(3,6,4,0,0,1,'gap','[["channel","distance"],["state","lost"],["text","Waiting for Concept2 PM5: plug it in"]]',648868624);
INSERT INTO event VALUES(3,7,4,0,11777,1,'device','[["channel","cadence"],["text","Concept2 PM5 is starting"]]',3603889714);
INSERT INTO event VALUES(3,8,4,0,11780,1,'device','[["channel","power"],["text","Concept2 PM5 is starting"]]',2874221219);
INSERT INTO event VALUES(3,9,4,0,11781,1,'device','[["channel","heart_rate"],["text","Concept2 PM5 is starting"]]',2689460631);
INSERT INTO event VALUES(3,10,4,0,11782,1,'device','[["channel","distance"],["text","Concept2 PM5 is starting"]]',129396821);
INSERT INTO event VALUES(3,11,4,0,11789,1,'calibration','[["channel","cadence"],["id",""],["serial","430228525"],["calibrated",""],["slope",1.0],["offset",0.0]]',2613791684);
INSERT INTO event VALUES(3,12,4,0,11793,1,'calibration','[["channel","power"],["id",""],["serial","430228525"],["calibrated",""],["slope",1.0],["offset",0.0]]',829609827);
INSERT INTO event VALUES(3,13,4,0,11794,1,'calibration','[["channel","heart_rate"],["id",""],["serial","430228525"],["calibrated",""],["slope",1.0],["offset",0.0]]',2803040152);
INSERT INTO event VALUES(3,14,4,0,11795,1,'calibration','[["channel","distance"],["id",""],["serial","430228525"],["calibrated",""],["slope",1.0],["offset",0.0]]',785736287);
INSERT INTO event VALUES(3,15,12,0,421965,1,'device','[["channel","cadence"],["text",""]]',1711934588);
INSERT INTO event VALUES(3,16,12,0,421972,1,'device','[["channel","power"],["text",""]]',3829128400);
INSERT INTO event VALUES(3,17,12,0,421973,1,'device','[["channel","heart_rate"],["text",""]]',3043817231);
INSERT INTO event VALUES(3,18,12,0,421974,1,'device','[["channel","distance"],["text",""]]',2846002477);
INSERT INTO event VALUES(3,19,13,0,422578,1,'gap','[["channel","cadence"],["state","back"],["lasted_s",0.42257800698280334]]',107642792);
INSERT INTO event VALUES(3,20,15,0,422578,1,'gap','[["channel","power"],["state","back"],["lasted_s",0.42257800698280334]]',743352232);
INSERT INTO event VALUES(3,21,17,0,422578,1,'gap','[["channel","distance"],["state","back"],["lasted_s",0.42257800698280334]]',1969730507);
INSERT INTO event VALUES(3,22,19,0,422578,1,'gap','[["channel","heart_rate"],["state","back"],["lasted_s",0.42257800698280334]]',1937013327);
INSERT INTO event VALUES(3,23,21,0,423597,1,'action','[["name","start"]]',175035005);
INSERT INTO event VALUES(3,24,21,0,423597,1,'state','[["screen","live"]]',2675523405);
INSERT INTO event VALUES(3,25,175,4,3423597,2,'phase','[["label","Easy"]]',2780183378);
INSERT INTO event VALUES(3,26,702,89,13826092,2,'phase','[["label","Steady"]]',3826251366);
INSERT INTO event VALUES(3,27,1162,181,22826092,2,'done','[]',477130969);
INSERT INTO event VALUES(3,28,1164,0,22851216,1,'outcome','[["outcome","completed"]]',3213947570);
INSERT INTO event VALUES(3,29,1164,0,22851216,1,'metric','[["key","pedalling_s"],["unit","s"],["value",18.0]]',1147547362);
INSERT INTO event VALUES(3,30,1164,0,22851216,1,'metric','[["key","time_in_zone_s"],["unit","s"],["value",16.297906]]',374344395);
INSERT INTO event VALUES(3,31,1164,0,22851216,1,'metric','[["key","revolutions"],["unit",""],["value",23.394275999999998]]',2749939127);
INSERT INTO event VALUES(3,32,1164,0,22851216,1,'metric','[["key","mean_cadence_rpm"],["unit","rpm"],["value",77.98091999999998]]',3845579353);
INSERT INTO event VALUES(3,33,1164,0,22851216,1,'metric','[["key","best_cadence_rpm"],["unit","rpm"],["value",82.0]]',3741557706);
INSERT INTO event VALUES(3,34,1164,0,22851216,1,'metric','[["key","distance_m"],["unit","m"],["value",119.3]]',2039701090);
INSERT INTO event VALUES(3,35,1164,0,22851216,1,'metric','[["key","work_kj"],["unit","kJ"],["value",1.8412641829999996]]',2107336222);
INSERT INTO event VALUES(3,36,1164,0,22851216,1,'metric','[["key","mean_power_w"],["unit","W"],["value",102.29245461111108]]',1071449458);
INSERT INTO event VALUES(3,37,1164,0,22851216,1,'metric','[["key","mean_heart_rate_bpm"],["unit","bpm"],["value",87.4985825]]',3814574100);
INSERT INTO event VALUES(3,38,1164,0,22851216,1,'quality','[["channel","cadence"],["samples",225.0],["rate_hz",9.99],["jitter_ms",0.0],["lost",0.0]]',1012838772);
INSERT INTO event VALUES(3,39,1164,0,22851216,1,'quality','[["channel","power"],["samples",225.0],["rate_hz",9.99],["jitter_ms",0.0],["lost",0.0]]',4243300791);
INSERT INTO event VALUES(3,40,1164,0,22851216,1,'quality','[["channel","heart_rate"],["samples",23.0],["rate_hz",1.0],["jitter_ms",0.0],["lost",0.0]]',3375272483);
INSERT INTO event VALUES(3,41,1164,0,22851216,1,'quality','[["channel","distance"],["samples",225.0],["rate_hz",9.99],["jitter_ms",0.0],["lost",0.0]]',1355745347);
INSERT INTO event VALUES(3,42,1164,0,22851216,1,'state','[["screen","after"]]',3894197856);
CREATE TABLE input(
  session_key INTEGER NOT NULL REFERENCES session(key),
  seq         INTEGER NOT NULL,
  t_us        INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  channel     INTEGER NOT NULL,
  code        INTEGER NOT NULL,
  reserved    INTEGER NOT NULL,
  value_bits  INTEGER NOT NULL,
  crc32c      INTEGER NOT NULL,
  UNIQUE(session_key, seq)) STRICT;
INSERT INTO input VALUES(1,1,0,4,0,1,0,0,1654731009);
INSERT INTO input VALUES(1,102,5009653,4,0,0,0,0,226446817);
INSERT INTO input VALUES(1,160,5512226,3,0,1,0,0,2813388387);
INSERT INTO input VALUES(2,1,0,4,0,1,0,0,1901679090);
INSERT INTO input VALUES(2,2,5458,3,0,1,0,0,290211911);
INSERT INTO input VALUES(2,6,158345,4,0,0,0,0,1948012733);
INSERT INTO input VALUES(3,1,0,4,0,1,0,0,2203409420);
INSERT INTO input VALUES(3,2,0,4,1,1,0,0,912318177);
INSERT INTO input VALUES(3,3,0,4,2,1,0,0,3106081998);
INSERT INTO input VALUES(3,4,0,4,3,1,0,0,1508355530);
INSERT INTO input VALUES(3,13,422578,4,0,0,0,0,631693660);
INSERT INTO input VALUES(3,15,422578,4,1,0,0,0,4097158458);
INSERT INTO input VALUES(3,17,422578,4,3,0,0,0,299350091);
INSERT INTO input VALUES(3,19,422578,4,2,0,0,0,465780256);
INSERT INTO input VALUES(3,21,423597,3,0,1,0,0,3248214083);
CREATE TABLE chunk(
  session_key INTEGER NOT NULL REFERENCES session(key),
  channel     INTEGER NOT NULL,
  seq0        INTEGER NOT NULL,
  t0_us       INTEGER NOT NULL,
  n           INTEGER NOT NULL,
  codec       INTEGER NOT NULL,
  crc32c      INTEGER NOT NULL,
  data        BLOB NOT NULL,
  UNIQUE(session_key, channel, seq0)) STRICT;
INSERT INTO chunk VALUES(1,-1,2,50000,964,2,1456170454,X'28b52ffd600f03ad0300d402c40700830806040100610e05020100000201040302010001020000030603000002030400000102a08d0600c207222050d310a503f0909180e55268c56006b8c291e14b722067046f1a28c0401290680840a130383480866e830d37a181824da846e1d8840dee028b663d20a014d80c96608401');
INSERT INTO chunk VALUES(1,0,103,5009560,3815,2,3225205511,X'28b52ffd607c906d4802aa1e57ac431010e5a9a403db5096354666eaa3f631b1cf5cf5e790c920ef0b50cefc76df73d0cad63ff714280e8e880165b18a2782db49f4d6e2eb4a6b1694d9cf0f1b0db52d13097c0a9f0a7d0b20542c2db6cf66411f7806e77241fbf80db8766f356da6fddbbbea57e7d40deaa0050050092b9bd3791726f7e0920ec2fdfe68f5e058c26db36bfe8112cc576ed956d2663acf0ae774bba56250055d3ccd1d39ad7152a3c5420219354f85f4480f2434e838de062e9a47592b2bb984db58a35428f773284f73bafdb2949e88808877b08249ce73091fa7a6d5d2dbce56a9fc8dcfb87d1b57b3d436bbc102aa0adccf00682e968dc3155508b1770ff462e96aba63c02a961ff2b150ce53d957f10eb7514a8ced9bf314b1890754ae719afcb986b6f14445a4b4fbb9959652355c4b35d6cd175dad1f2f224714e294b8d43bcf6d3be072d9450f3ce04e59295be6806e8682fedf376150b1c093b51574381b29587cd26e013b95e55319efc7c4b70899da7a7adee2f9f271a246002e78b62180211f93c009f7d01f599ded51773c99c3d5f55b3d6f5b2e3b17f548cb782c33ce67cfac96233568a8a060132b9bcb69491051c44305971c920006af094a70bc30826ddb399ba52e9ba7f371457040280bfec1e3aa19259a09e77941f56dd7c00292a572b82132ccaec7acc4b194719138f22bcd4f39a473397242abf848b3fd33763808fc502ebba6513aba988711f2479f7ce2edac9585bc963d06cfb489b7640003170c38e1c6a983b590c7bb5ccb6e52b312d1e35dfe78392c262800e319ac980f5abe75b4814afc6d82129ff43c3be678bf7221c2b1dcceb99c52bd52df6a965a65d3a7a8cf81baa69552a36aaa97f66f0157d366ba1cf46c56d02d5d8bf28c36fd993fba251e67077c97c73dcb01554395918595dbba2ab7962e48f9c484c80d95315e6808853117ab476aad6c95e5723d87d384c6a11cce178d7d2d8fb7e35744ec9fbd42c10ba8174b66dbd6ed18281080904f42f0b69bb99e042e65148cda56e774797d0d89ded23ae309631c71f9bcca2d5d4e090450ab02c6794e9010c1274f18e48c9ec78608b427de4e8a17623b466a1b3d000662eb829e81d9b3eca5570c2a18b367a970c0e7e178141047bc1822bfe0a909d60915072ba22454163e0d0627ab18800ffed0ddfc6dffeaddd79a594b1b78c620151ee56e182a7ccc4ef9982511ecbe39a2ef29f0344384371ed333d54a95d2796ea2fdb3847fc3aa0e34f04baa6e87938282caa5e259b08f22a2eb1fd4c7f35c4c6b69a328b07315aea580350b0f9ce0c6179dd0810b5285580082fbfdd08114dfb4e3910c08b1854f54e4506e68f356cdf5dc8a5592c572465f73b7b3ddcdf9ec9cd5f34ee9658e7776e36744d43e259bf3dcf3552b4ac120595f13400b65060a524e7b65d13090e275f793f1bc85fcdf0f58bf4ae67c1ef7c03bba977f79a19003def16d75ee827eccd835cf742cb7f4c1a77921b0f57234afb3907f96251464fd8b8e7d649ddb1db471475f3c71c14aa87c1be0662ee556369052ef3cb5b6af6a2d1dd1f1de86c180c35d8b932b0494ffa3c0db5018111c4a900dac97cef36e5a502d9cda472b45dda32cbce1b5e9a75429bbe692ca3c4e75e77939520d7ccf8ed94a6ba9eea97ac488ec06bb772ecd682a68a01dd1df98c8d840b773b652364ad5d6ed9d1f3aa66dac1d54c8c321f1c025e3e279ba76d1562c356e09313994b00db474ff4bf2283416f16cf9eaddfad93eff7be0926951bf1caf6bed2ca6bd3425b59596d21a5ad0fcdc23bf658793675a31fbe75aeee7832e7730555d015ccf00cfa2e47a5cd058b28b56d032feef6836f18e1ca060e290f6cbabf8f8f00cf6ef7d96b08631b186554ac560e34c21a97ff5ccc5540c946c3ebee56b6a6ca03180dae346344f67219de7faddd1151d2e00dfb4794b66fdf6cc03ed24a5e277ca4a592f504c5c5ccfd6d9430fe196b6cf69c75c51bd0797f43baa0712f038120c79f22f163ee7e985c79dcf2797700f99bdf89da574b90594ac9a4fb99bdbf131c1d3dbf6cdc95e50b76c208fea763327f30f3e65c71cb075fe86c81785ec9f2117ced66dd72c94d5b2736e2882420faf6711a0c67edd6db5ace427fdd06639a01b3272bba7d99a82318444024532bccec3d0f09a1ad1e27211b68adabf5cef5aaee61bfc0d6dec7bae48822fc74600fc37bff2c8ebc9f0b637ae1b193b66cdecde0e2e9b5fb9983f0eb0a3c5568f03d7f4304e02dc6fe7bc8ed7a31871b2a18ca2445ce0893bf72f6a082489704477f494ec808ee5c9d8e7086100c4d7fccf01cc8dac825f64b102ec216c260e4be599bef84655f23c7f47c5376d19279b8980276aa175c0c5b4700ff33a2190ac975a17a3b655c4f37c991d0698cdb8e462aa52ce076dc712563c02fc6fb5d4c36fa27bf0a53ca00db4679cbcef97d6af4ab91726bbc1f6a91dd4c21c75b0b2f99f921df3106e69a7fcee573ee6e90822afab541672ff968e8cc3072ba89b94573e52423acfef79b16f6bc5c8c3d40dea202757743daf3ba2161636505df436042ae824095ccd36bade17b7f08157bae404251ce5dbd4133dce88bd52ed4e782a5bf83d6f5c3a57f334cfe4e4737ff437b28572c2b7512e2aff5ccbe9963c8a8b2f5abf9ddc3a875263c4d2a9832ee77dbea673fc8365643e8dd379fe4fd5b28cee08c6752847eef8a142d5d3b21220d28cbccb2e18079e6704c6f3941d701b2da34f6271396ba912d6c2f35c371448b06c76032de3ca1de1a779a197b9db93f3a9e096eee6525ee5913060789befd936a7a262c88259be5b7a9adbddcaffec06171460c4a334799c37c2f1c165d3326bf137c7c203c33fa8921868ac96b593f62bdf6386dd8f0375ff9c21a96ef60d0305f77381e31cc4b81524d583d6d596a973fe470f0c799a856240927b593242801d739e55cb82b07756f277a46ee58087bbe30bade1331dce86ab63593b778460eb1ea59e7d97152cb66f0b0fc8f141b55b0a528005ff637ed31529f91c12a7b3804e4cf8903a08ca3f259aade982f04512193eb88037f3371697f4be0ae67b6608291b722e0be9828a6c9efa8681a7990180e7f91b044f842ee0796edff1ec171b7b87e1950eb96e2a945ff99b931c65a384066ec6c288bd52ed4a68ad98dbb978a64b3aa307a608e0946a62b55309550e844070454b2e2c0719560c120d2d568499ad5dcc2f552cfbf80e0ee572df53251f59a4461dac609435aa9b8a28c404d7fbd4be5a65db56ef934aa005e0c587171bb74a43ca472b65aa0cb375f670c85ab9a323376c0af032d77b5df552efded63773c5f5ab6c689ccf0b7df0734b58b7d4323b87408e4b6202049d2040017ba5167ae0059ffe82ddb2698b25676361c5e19ee843912bdac68d3281034836828339a1140754dd28f1366ce221837c4e57e5ab1a5c4b8a4bd6c1cac6898b53ddafdcad5e90d816d63d55cfff9ec156dac37fc1fadee9f890a0b21dd3f7d2aeb8691670fbdee58d97dc493bb97fbc75011cd13958b925b354fe66fb7672a98030f23a5b77c2187f03b5b58eafb2507e8702875ffa9da74b4689a542417342719edb86e4749671431851a1dcef1a38c972b15ad6d286f53b940c0b2cf0bb01ae2ee58456ec966b797a3715ef743eb9535ea7ba11703a128c4cb021acdd090f1b24478567704d6ff3c120cbf82cdfc57a68bd90e8f12d9be86d7ee63c2ba16af73c4eebb68e7be6510ef744f5787fe4076d05d7b3982ade25fdcd1ba105c0f54bdb763b17d73b9db4d55b3746eec1a6f9a1e7ddd176b0679410f0359f837638377c8112324d1c25a4e1df79eeb9e7f9fd7ecfefcf6f3d8fe77b4ce0c94065d3060f02874f587d7f865abc03c7d6e4a20e1c5c37a30a4c6c6e46ca2c2446e7a562d00ed64036f8d8962148cab472d37096d80491321fe1b21cd32027a4cc352abf1a8f6a629c67b6f5c438a6e14604265abd6948995f5d4d36aa2f1f9c7e8dcaafc6a39a1618cc352abf1a8f6a74e230bfba9a6c545f692c8858f5630cd0296576b1b3b3b3b36b1387f93c57bc928f72ee183c79a01256362be950de57c1bcd139b89fc7ed0735ce79d6c46ae777bee661983f94e28aaea7eb5b6e26eaacfa398db150032be0cf35b3752b2723acc98670ba1f3acf8dfc5d080e974c80aa52a97a0e38d933ca41e59b9fcb67f59e27ec7b5e8862c8e9a476d2aa592e554a0810ca2cca39151be5900f6456eb7ee7785e66076fe919542c0b880282f3ac62b6f081b670aba6bae977aeb87c5603a51b65e179d644d583f33c9f1a65079dd2799a78aaace3f4a7c3b9ac636db3759e5f44dbb6857432e3c4d6bc241664df43b11cf1be0954d830dbbaf3fc1f01552536b1b291e079ba36d3792e17ad0d9f83644a4a794769e7ef3b16aebdf4c5daa7ccb46deb769e754fd5739ecb294b29e759bf54bc9f4e7b9cf07c09dae1eca2726eb7d1c641b0918ff3312bcea56bd7ae125a402c1e690b475cee529e46c4c1ac9faab8695670315830a783e366be773867348bd180f270f64e6ae9ccd8c3cdb271ff7230e719415004c6a92a61adec9b528b92ee3c17cbd598953d6d40aad2510a763db0c38e0b36f9a4056e49c6f62d9af3dc342b5825eda29b5934e7f940efe29405ddf43d9fa57e594a67739e281f27486f7c62fd1c175b7f7447154b85ab5ab816ccd59c671ddc384c9ee682c7f4365be7775f749e8ff23a139c83659e932314ef7b06e7b97c5a7f2352afd43632be8d16b04535540bedfe3dd075c20ae83cd7cf0a46bd8bd7032d9af5b2769b67f5542c97b255d6cbcd5c83ab2b2e97ad3bcf4dc99691d2cb82f0383e4f0594669490dec1caf9a52513e4c73fe9871e29eb86ceb851ea1fe515e5db9eab14a41c749e4a3fe599ed600bc93ef8c2c709f99d0ba2a16950c1f3749ae224e53c393c0a8ccb29c3ba140fbff274355f8471028d40036d03f7108912265f04bcfd793af171d2e03cb7cb625192f99e1553bdc45c64fe39cf085d22d8fd140bfb799e8a0e1477f3365f3328d6df8cbccb1fad062c5ee6955ef8c78aa5be6d9a5573c70b9f5c45ebc108652527ba5f70bdf3543e52865971e18636d30d3fe770164ebda49453c69d6775b31e3c84d563e295bc3ee83c2b95cab67beee8703a5caf8167594475ceb19cee69aede66eb2c972e27327b6ea28ff9e162e911763a9fecf0214e569c16fd54f229f56e281139a9b9a117aa543e2ce479decf79eea292cc796efa4df503af8a17002305fccbf18cb8a41f5a3e3ff3411553cd542fa85b6ef839ab692fd547b5cf13cf76d04e5928eb67ff44703ff48d55cb1e6e94ddf447efb2608ebc0bd4b74801a97416f285fb7710ce67dfce534945e9b68bdbe71784e3898b77375b47f3c1155f53c954c7dab8dfc40bfece362ebf2cefcee576403e69fb384972625457ccdd7e772a486aa29a69bf010c0acfc0098bb250042ab1154dfe45ea879462946106b89c13d6ba13328fb853dea82292a87e6a61851b3bde2548bd7ba553faa2d702cb03249c85b81d15d7b2806a693948bcef8717f3c37779db32ae95ad523188b08044ce73cd28efc8c4f91c116d43584a402e07640293e5ed3ca51a91830792b18750a51c704c0aeca104408ef010c3b1bc9ecb693ab1da372be694ea940ae683501d2cb81c0944dee570cc47d9bb2bb23195c0fffc4fc6cbace066799b97d9f0b70aaec11d355cc1389dc301004a80fb11f0c997e17075b9df6df8eab09394756258cc15733cb303f2f034c089b3b9b0f261c093113ece73c4bebd4b0815af82e25e10d82e8b66812b9e4f880a67e344c205255989231c0cd8304444935b7998afa913ee98aff9a695b388ffe3132e50bccf0d49b1f89505b35d2cd848e08ce7f32a34be0e5703957ae7a9e417ac51f89afdc3c0f91ec7c9890b4d1c789b2003a438cfb405e4848bbb5a10d0660ff335e174bfe263e7d6708dc30fed055117fc9409c6b2def731d71bb1754e09050fb19339976f61800a81dfd9381f5c91759e5d0c4106174f17cd8a59bbd7993a9d3ae67e9eb7934bb86d56994739e6ea7264cfb466fe8701d44587e71dcfc9169ee7f7547081f5ba31a5526bb354482ec85804b9970b1ae083eb52c49ee9927e46088977b01a3c1d2001aa093da09625fa7bdbe8557ed763254cac9da70fadbffd828f799e179a39555df0847e46489488abb3434a3331c1101a3b573ba890676ae8d9dccd920356ef811e4689d60c06361cccf36e3cca9972eee7b970f64d1dac6c16584e596a709e6f94e35316cc796e4db47d1e78e4e26de2226ee22ad644d5839aa7e211f2297ffc95075a349bb78c9be6203ccae75c4b75ac5bdea6eea98eb4307c71f5ce537945596525ede325ad5b25ac6dde05c966d9b077ff723ce52325a36f1b022fb392bbc132becaa9712a9d7a789e554b9d7bd5b299d66f0f2fa6f629f17c1b2da32aa8329ee70636bf774cfb789eb5ce331df19a9a3594d4b8df32fa065a403b6927d7cd162a31a87a16c2aa9fdac789d9177d71c779ee66b0182cded35ccd099d838db470e2605ea83bc4a87994732b521cd1f65126529241602f78995a789eca344ac1f37ca0fba9743703636d85d990f755357b2747130b3671ed5c938b0fbbe54bf9e704c54489a76160a56c1634ace552dd76cf0f5f45c9455997f60fce086df376cc5e39dcda621061ebbe87825b095b51f338bd9de7bdd4a82554f5beb871f7832a92c0a3183994202b8caca0a5b465960d830a2c16514e5e9c005dccc39ca73252ad720fa82e292a8095f2c1b7eddc7a3960e7b6cbdaed9d1f9ecf02faa33baa6d9f3b087b67ed3c92820b2fae671dcf4883c239d8f4853eb85f2a08356fe38a989d789f0bbb41856d5c2f7b5709550e443c0b8ef5fb2196e0979e88c242d93c8b67b9dc4ee5db2a77b47cbbe7c02e6ea111bfb387e7b972f66df3424055b8f37ca3333271f62f2cc296df3bcf1574434a353fcf574af1c72db38c1c6076614ed633829b0885f554a651023a2172f2404992f3ac6e2ade882d25343e307f3f4b69fbde268912a518a72d6665d7f2b60ef760b97c6fb154b81b37e4e16e685e5c325e47824f529239cf2db364c836d0e72c94f3ac69f68e53a69f1c2eb7622fa8977ec1b7ac99e3bdca22bae01793ecdcdbce76390ddccae16a5a0f3d552cb56ea32c94baa7eaa9652a99f3ac7eebc8c3236d9bbde2621bb712aa8d64b50a52ce399f00bfb27740964b73fb9ce752d092f13cffa5eb52c21e0886043b364ce5521519f0fadfefeca525b41cd42fcbf6baf3dc410cdbe78b137eb8811516ccd8af4c0970463551953c95bbd540756f1d6b9513ca2bca2a2816d11e5a420b8581ae435a3eb00affdb45e7b99376f28f84ac9eb41b1daeb788ce8889b28bd2ee7590d42e950e6ccbfced95eadc79be9184df55c2aa4189ff1d4d954360f138f00f00700ff6ce36923d30eae99b7ee564b68b8e0b08dc6d0d372c9b012e66b5d441e779c35fb0fc9cdb9d4f5bb8065a775cbdbaa76a709eca0d9487663e3e842871bd6dabc164f316523553f76ef8bb1d5c3a036a946bf0e445902260554cb5739e1b68c0372d59beb73918273fbc63f5a2b4a4d575c3dbddcb226efa4daff439bbc10ef2f045aa1e19ae789eb54e45f450056d06c7734206b64abdb2969cd4bf5543b5d0253d67546aef95cf7dc881d33a35628da0216f67966710784afcd8d05b86aa8c09e54b018151975cf95251670cdc826d015df2917325304d50ee0f282369381791123fc4756aa7b1509e6b2c7d8572a38c016522eda611e50fe95a2b9a43f9ca6fc96c28ca28a7282bfee8225edd6d87f20c94fda0dc4d965c765e6b147863818a7d87727781e0259f512c79105b4f0a0124ce7012651fed4585323a06652af4e8b9d2925196d11b1a65ae26d2648db25d8f46196554aa810681f221ca802dd98189566f230251c663f536223011e516dd982281e827947da0ec85a27aad77a3113394b9815407e530b49f1aede6d0833a5582f25b199038c3c91040fae9bc643f699070598e28a77ad6a00cd929d00e6c8b720c72682bb4513eec3d94d950be54dfce7293e525ec09514ca8f2a33358e79dd1960b68020997e598068355f41953652b3d79e7b5c8b91a1c9aa04ce1bc55d6cb510ca4ddce151a8e62df8d9da87cc1790ee52fcb84883fa79faad181a1ce6913af3ec0c1035de88ca6318089cdcd0884328d2a30b139b673038da9321c399ffab317c51f5ac75943e512e7c3095984cca4847518a53681429df5e86e68490ed05b667dc692e5980679e6097b9d19c7986d3db1e918cd2e767676766001f48dca6d1acc79af237b4e0dca319a46d82cf0f0d1ec179279743736e84567214d405e598d4a04bb4e06148b481302646841c327ac3e0a7d58b94b13457b7a5f42e80e9a4793a1bba12549a7f9c71820625523d97a621cf3a851a0408102055d1437f606e7b34ee1980609d7a3d19c7f749f739776cb4036f858a6721855e329f16303c45637899cabc1418016d414042af65d00cd5505263647e62cd515b4613f494784bd990cf40347773daa51f9b9a12ca81dd320e1b29cb48e5ee4439912ca17dc1d82c6d48c3a706c4dee68729e9301c52292428351e2c706880ddd46ce0d428c66de79d95a92797437d4ba33b4a14f91b0d060d414ede9bd68107763818a88309d379c2536dd089d89b49796641e1d59373bcf02dd44d19ede170cbd407770feea086dd6129c697068123907a2153b4653d1f98c50b2cc1d59084de48dc41a4151ce47ba52533518aea7abbcbf66cb4036f888e80c80e6e06c2743991b48341a8d46cbd5e0d024522a653c47e8a6745ed114f41a4143de48046a36126b040d91d01fccd5e0d0844e1b56fd18032473ce808f8f8f4fc4000d7916d2f4d39da8df7dde6b3b1fe25c44ea6a214d2ab2c1c7b64b7de6dc1bbaf03c68c81b8935697d9527c7f524d9153ab2d7fcd8008197a2b95d74134f891f1b687f90639003db04ad274f9e3c790268b19e6a399ffad061ba0fe849288f41b98c50b2cc1d544b0af4a3ec8d1a94b9a05844ca49e916917232a0da9cb5348bc641d6688bceb071dca032a2263bfbd57854a3da13c54f5984cc0ef5345660a2d55b00dda8dd7459a062df7d7086ca22647648a27298866211292763cfd95013ac1da12c3637a30a4cac2760f5fd192a70862359e68e4cad27a89cd6543c7c84b1a19d5b444afc10e7a6133de173605706139b9b5165771644d96b6b725147dcff96a3b880f39b7e3319e847d956e3a87cee5bb2586540c327ac3e13e70e9c67b6f5c4f8a177c9072cc341f14a9dcb7c5153b40702654de705b21a95fcd1b39cd5a8e48f179b17dca8e48f5756a313f7b171545b7466f913d84a96631a241ccab5036f4d2eeac0b185b21e286641c8ec70429692dd2cf0f011c656f90bd313e69fa3daa2336c9e98f147d99bc9402897c893e37abaea2514b8c35962d34d831637efc602153b031563dab469d3a64d1d388c4968819106069b905a206526865918c27a776484926500e0a3eccd64a01f51295351993b3242491edcc0533a7198166048994e760c61b30a7852e287381791982973ce4bc52031ba0929136c0c10b1eac7d88503d229309887932180c41922c260b20517522605a9292413f01b89358286bc51c0525a28fec06062287303a94e863216917232a0582899c11ea43c48a9711a2b7e8873112931c9a64c27a620953e84051644acfa31065824c893879489a82d03d9e0e3922fa44c0998affafe0c9fb02ae00f6c545f5d4da7948938218b90d9e184129c3ebd131a37c03952a6559c8b48891fa25266173242c932774e52a607a90f2c77434b328f8e43ca1852a68774bfc461e6c1604e30222165aa182446e7a5e248ca2c9c0cf4a3ec8d8531fe62f28694993ea5209540ca342165a2b29fde1735457b4c980739b02dca31e8078399ae51f9d57854a30383a94c991ac8526685945937a30a4c6cce027735d9a8beba90a4cc1792797437b49a6ca54c0ae99a4877f0b12d03d960184fc04cdee3e3e3e3e353434524c06246526617083c257e6c3049994f5779725c4f4d52a68f30360b3c7c20e10f6f230213add652a6a23dbd2f6a8a9aa4cc39aea7ab3c392b0e54ecbbb14030194c215dadc327acbe3f43b59479f884d5f7672801d7cda802139bb3c08586bc915823e82c65be91582368c8db033cc8816d518ec11bcc07c6a2408102050a148771986f24d6081af26641ca4caddc349c2536515e92d874d37096c67533aac0c4e6d052e6235c96631ae4065e92d874d3707621652e496cba6938bb9032addc349c2536396552903a7cc2eafb337ce24262745e2a0689a5ccae261bd557d753e60e1c5b938b3a20e040c5be1b0bbc4a99480e27641132fb9032eb66548189cd11903211276411323b9c903211276411323b9c9032eb66548189cd119032eb66548189cd11903277e0d89a5cd4d12165eec0b135b9a8a303efc0b135b9a8a3045bb969384b6c8248995decececececdac461ae51f9d57854a30383f9d5d564a3fa62f2159038c3c9107960300f2743008933448cc37c542743991b48cb94b9c7c7c7c7c7a79632addc349c2536d19469e5a6e12cb1c98485483dc26539a6414e48998f70598e699014a44cb374c1c60011ab7e5490320f2743008933448cc35ca3f2abf1a836250ef3f009abefcf1043ca3c7cc2eafb33748063487990aa9b51052636572465a666e97635d9a8bebac2186e4460a2d5db18cf713d5de5c959f1e11356df9fe153caf42075f884d5f7672822651e3e61f5fd193e71dd8c2a30b13902b8d09037126b049d7117083c257e6cd4489914a4ba40e029f163a307171af246628da0b39489a82d03d9e0e33265caddd092cca3e39032addc349c2536b3d8ca4dc35962332b655ab969384b6c66a5ccb54567d838aafde0b54567d838aa4d90320f9fb0fafe0c9f52e61a955f8d47b5bc38cc2e76767676767b719814d27d84cb724c83dc620fe91e3e61f5fd196248998a1fe25c444a4c92329faef2e4b89e9a3092c3095984cc2afbe97d5153b4c724656a201b7c6ccb40c6874f587d7f864f4c410ac5e4a20e1c5b4578ef8e8c50b24c8694f9a846e557e3f14e1c66173b3b3b3bbbbd38cc47b82cc734c80dfc0897e59806b9811fe1b21cd32027f0235c96631ae406061b0344acfa5101838d012256fd18632b370d67894d9435900d3eb66520e31792797437b48ea4cc3d3e3e3e3e3e09526617083c257e6c304999480e276411324bc21fde4604265aadb12062d58f3140b494298858f5630c108d7d84b159e0e103097341b1889493c1810b0d7923b146d09094d9d564a3faea4292325f48e6d1ddd06a9232addc349c253639651e3e61f5fd193ef15757938deaeb027f7535d9a8be2ea4ccc1c7b60c6483612953d19ede17354511f80a489ce164883c71986b547e351ed5b4c4619a48f7112ecb310d72030b2256fd1803444b998288553fc6008b30d8182062d58fb1940936068858f5a302b672d37096d864c28a1fe25c444aac2913905756a3923f13b84e06148b48b9ca6b7e6c80c05332c528261775e0d842630ae90e3eb665201b449232d7169d61e3a836016b201b7c6ccb4096320b89d179a918b423653ec26539a6419248998f70598e69901b78f0b12d03d96058ca1c7c6ccb40361896323da4fbd5d564a3fa5a9132bfba9a6c545f179842ba14d27d84cb724c839c9032addc349c2536d19439c7f57495273784e7b89eaef2e486b08974addc349c253641a4cc47b82cc734c80d1c8e6990705941fa7ce3fcb6dc81bbabb216ca911d254b173f028baac32721ef9a78f871c2cd730dac323ad5ab8c46d85b671c4ebab0428f163c87056a48017a437b708ee2d7c7f32dd4a3e8b5f30eae2472287b68b640bd3a45a708cf614da4d7588108cd699dc2d2451a1395ae5d392f83aecc2618c2b172ba6c40852adf1169434d43754a465f32d318d4291fade9cc4e4b7665afd6db010227e90e77951bb502dda7afda2d8cb1d3b037126b0471eda95cb1d000e0fcca6c1e9a2c2ab31d4ecfd843ab6ca72955f6a0ff247046d390286fd06f1b9cdb4c3d5f916910c56c672175ea1c89451bfa94a64c8d4a35cf8639e054393fe12495bfce285f715cb6d269511ce95c59cea7d0f3a4cacb3c96acb86ce58c08ad2fb8b12ed9961ba3a49e2a1f9eb1bc38e2964ef6d9a33a1c69ab0d978c4afdf06a094bee14755e87710b6a7250ca884a4dea199d8444bad6407307e25a6b51a15b9191c07e98cd95a59d85f608cb0afc41603589e248a98cf3321c18e70de7e519e774adb28de5198a11bb52e47260380d95a651c9f3172a95499cd73a8a2f754e979557fc0907f6138ef1a9c666f227dce7a8f256e50eba83b60c64836fb70fa28336e93d2de75373681da66949a14b1dc58e3a2e8a2b90133525d8df5279af2920aa6a498ca9037d6506672acd076594dbad10621f943f34ca7884349b5104dd343c9f6334bb4c532400089dcb543af70794d7502d7f3f01a889a08cf6a8ad7144d095dcdaae457b683ed08c67ca3c34359450a4a1b9ce1f0405cf7034446a1b67c1280ed3937a684656ae74ee8362ea3810ce7dea39c91346f3ca830da8f2f931ea95f99c15a12cc079476d9ebf74e00ccb5be735940f38571e749e83da4a30a4263b685199eb51fc285df202cbbee69270882985ecc92537bf18b45c4a21ea814a1d4e860012671826d9d5786050422054329a8d8d50914750a9b22bda515c328b8f40a508234db05087729d5ef7f2c81c9556baa62983161cce73902a3f45711b599b74f67ae50824c13877faa925951fcf5f51aca9ed54fe6059af0323765873a8e75e4b83328bc8be7ae5aaf35c631413c9c3531965394d40729a4f784b5f8396d3acdc92ce3edc66a0201c3a9ff9e1a46b6543cd42e7a7282f4c863e055939030fcd1aa1e12a4bb26571d28d45508ed16460aa87741fa99e44b4e4ab39a86cc743d388a52aa4d94155a381d724bfca64be142b8ba8ec00035d02aad3a7b6c0adb20bc9494d419dca4bc8543ed1225a535d65c0ca1d5a3049e5ca9a28e833c518cd43952b2bae68b829554e53d0509d42ac9c3609bf2c154039c6a7aa9ce6398a31683e8252190f8366bf392b6a234fb8f06c210494992c43311e2bf45c1907077e5a49cbe7285e329eca30d8c7f2d592572a4aca70b921fbe81a9512a42a5b325a7fe8b42580e8aff3dab20527d9b0ca6e349f1ea72893e942884d03ed814a35769c0fb2adc89ef184f2a56e342094352d99c50fb666b12cfbd0835dd5d6576728a352a8143a98c22d5972c95d6cce32ec2ae3a9978a14c550e774b1725d32903387ca29d58b3eb5893287b53ae2bc40df45352bd3483f35a3a6cd0eac68f5362290ca21c3545e8b72d6840465469dc1994ca87c6e11c5749d9eb59dae8ce58c9e1b0d704ef384afce67653f3aafa96f2f7a09a346a00da15388e739245868767d8e14c57d01d869c09aa2d7bace1d3a4ae5f4ac42cba953089cb9f485ce508644e3d91142c93277053c3a0209f461b3e825bd060997e5c8a5b2a126263395b3544e9b673a469553c2ca8e8ce439b3681100386611f488a693a099f4248a338fcaa96165256d4193058de9dc6895a3baf2969e3b5f9dfdf468b72f0d1b02f5a50e5c7489cea2d18be72f653f564652b970ee9ca2a9e4ce962a5bd02abaae325eb3e090e88c41934703a93ca97203417a85a04e1bd255ed84624fe768bdda123a46333554a7a854a642435953550042683b12542623a5405789e2bdde8a94f8210ec89946e51dbda831a1dc1834eb94f388277caeacc187748a4e7d392eca6d65a0319a952f9c3b70d8325a398a7b596fc92b7a6b215ff04a31a2ac68f9061c1c141f804a817da1dc1b1c97cb3d1e8bfca4dc735c285a0911da9328b7f0fb42f9b1519453aeaeeed145703ca28cf25a1517ca59604d208d4a65a1145015164279ad71c976962f1a2c05d44219035fcfa19db79ecf93ad294a4fad7c40e5b7378eed12e714c65483a99c361bdf8d55d1a3f895cf865db50343f2a0c554a63bcb696241d57493c674c652f90cd998aaa2f8302aea2c56f95249fe786535a6405944eb05e90f2a7f82271c56e6a119a319d96de7322d58590b484f9defd4a083b2a648dde6fcd55869b572ee2655a218d1cc5944e33957b51b60e5c4169d66a1f5018d4afe78313e46934e0409399a470336dc19099feed0818ee1c514bf4aa32f557ee0ce8986ab00684dccb654d9aa0be8ad2a5e247954d9509daa7354616e2da7295846a47be0684d319a70da4ba572549710d0cdc72ec43fc6001127559ed1490e276411e2d38074e0d89a54b238c00b4d98da8ea4083eda4a3bd02dbacf8fb237935545ce7579665b4f8c44ce78c4f484061ad3190a461b02f2d0ecd31234de79098ffed0209c9bbd04f0443f35b33981a90eebb533e25a6bfa404537aa2d3ac3264867b555e5ca3a7aed5cd85550eed199ba516368491de5cc418dca729a37f44471da3c97692bd5cbb304390fca54b94eff3d41725e84721aa915f78c0575a43286b3162f17cc9da32aa7f89f0ebc3cc092d7ce272a7345f179cdfea953f5630c7046e548672b30f6bc94aa7c8ee23388da3c57352a1586726311bcd4dc92df7a03ca24acb4232694f350a65b32dbb2b7fa09e5b82ec3706e8232ca585b6e28175a84f22214e52f9493a07cd78e19a04c03c5ebbe6b7621b54567d838a2ecd603654448ce4bbed4f2a9d32c9451a9abae834af1681228a3526b4b8e3b77cad5609a795096f107e5baeeebd42a3df79fca23fa8c16d575b0ba6414e78ae04598263b77a85c409f17fd913b3b4555d603792683f2dbf98deaababc9b6aca94317621339574ed25f78e7b439a89e17f51f28482da97294ca8010e32c0341b9c7b9b285419511550652c9c99cf3015a8efda3d33ab5a8edce47daaf0b1960a4339da7c055c6d48857bdd655ce7b1a30aa0f3b004d28d8313ea5a572d99baf16d0752aff31b3a2d90c40b983e085f6f249595e5da39baf92e8bc7eac8c40003aad5340706c4d2e2639e7719fc7f49c6e19fd78d6b1e452d4dc699986c0afe8c2f399aed4608dc741eb79c2eafbb36a4d3de60ca84160eb0afde673fa0b84b302dde20accb9d1d612a019cf4b7acbce79013a2de7cd3946b3712d496b38cb697a68563594f3a56e0adece9afacad299abb19ac6e27be039a36de853144c153a17ea18cdc5730e158ae7bbe59dce33d18ee07e418f68bfe672f622a10ff594f3a31a955f8d378632673ebd2f6a8a242b971dd0d88fea64287383a43d349b90fa8f5756a312baee525340eac2b3565407fd75b6f0d5d5644b53b931b1efc6028fe4407266ab67b8963cc3c651edad3214858e2082082288a04e0b3a577af2b82ce75328261775e0b000e5bf73dac451f9c839efcff0096b4414736d8d5da8d4acf049d7cac8d00c000c00e8030311007010140e0c4ae7835bf10714800198fca2c6d78125304042444496816400bd673fee283a2fb6b5f98c7d7271c584aec735e394bf250a107bfb5cbe28bb058f5e3d7da53283315341c2c28618ab04ce43844d87f0c48bf5f0d56ec504050856a55326a0de4a42dc07519551c2b7f4c9fc030d0afdb2b037d8090d08403aa46c58a11c5d9665976bf89b2506bf87e299e16b7293648cb7762d3493b48959e1d46e70a1435c677385383bd9e9f7fbd54084604c49676eb4687612dde343413fc412530b59b25408f8022a18753b7ceeb0f47763d81276880f7c81ef4b98996dfe03329cf61d5a6621ae86a4148f800fd1b96d33f64279001ef0c505bb7fded0cc6d3ca9c5884e315c78404bc0302e8b9e3432b394a6f6c4bb26e41415d13fcb667ebc1f0a36c518c8ea9e23501f99d528220ee00129358c2cf01ab213eb820856c88344bb93a0dc96b89a2ed55bbe802d7f34975be8581fd798fa9bded4d8ba76c36f7b885330555f9898a98f312686965ff77c94e0e248ac12de82ac70a6fc309c68ff12cba23eea5a24c89ab2f11e025550a9404f57bf4d41cd60c4ae22dcb1e7e15e52abc23cb8639c286b4bb98c3a7a327483474d12797bf83be250ad5d5ca0f8289260bded06d69a48f8587556185a51b6bcb897d121dd2ee624fcca09ebd4af8d29b8798d98a47632a17129f2a3d5bfca098f67112ac2f88b8e6ad99c6c673ca9f70cd97295f4054944d1854a1ef7928163703fdc0bbb70351c9a183ea10d1924c1962065bdc0e51a308aa19478e1fa9d8782c6b6572efda15df86a8381a016d600233a416703ea0834bca46842d49e0bae46ad41d941687a55321c261b513881c02460d06235a94420cd2bef1b3e86ebb43e94cbdf2223f301dcfae506de82076fca9b579d25cbb4454ad7ad883d8ab975c0e24517b479851a2c6f01026972f9083e71d4ecfab9cb3cbe4c32490504cfa2a76c0a7636e3e6f705f298860df859dd16ac92079205b4730507cc4284d8dc2659757750b217a50943eb795f65364148e298e9435d07350a70b08f7213791fa8412eaaed6fd596d554cf16b6603193489ee1f1128e81c1d9d7681fc2437f0c50fe39141efbb329a3ce25e700eb3f3a4af58111fefde3813cc7e2054b337219d9c29961b683cec73f487ef9ca303e63386d64fc890d3c4ab9ebae5fe6c18d50694cf20d4655fca23bbb134be3633b42859c75c486b0923ed2f5239495ff3f3ec76fb4074c7cdc90c3adbca110a510c41e169baeef96a65989457e4c1eac20d3aaf34cc2d4b1457e8cea073bbf3cc72bc4029e9a97bdc2fcfc5a590d66873adbea5d4389c4a5aa4a4a00d89eb4de499380a0a30d3549f4e1c99de04554ba6bdde3a3c6b8c2140b212478f7d2cdd5fc4fee8a468b22066217466482973477e94a1419f5392da13a14acb95d1a7cdad489c5a775d7d5f4e122ee39827f3dc1d0563d2ecdc1d50592ccdd146673fed51660be1b025f9d4dbeb308ca9e9710de545eac44a48568bc23d18d96b85b2b4de60a4bfda22e73b88640358fe5edf4ad23fe249a2edd674f69685602e1009ea6cfd6c2ca6de479d46b978745b46a11904ae411d13d09c2f3ee87b1c174e4bcc8b00c88f29fd1aa91452f36c8031abf9b7b8620c7ea6d74a1a9f7db6a0346b2a63ec5dccbf104c570656f39f7681bbfa137ec3d376a1dadbd610803820fe3ccd1e7f9daa5b56eaad0619ddbc763e8c544480311d1d9f2c244be153568db88a62aad8e4324d657118a6e39ca4d6dd9bdf455f361ff4657451512c527cdb21d5e2d5347220c4d7d693f8f116587368758d4c7da1d78c3420505a3fcc91d987102af9327218eed53ac99a5bdf8f75683362ae825acdb5a929830759c66b61218480a3b6c4d605a9094b8ebcf34dee2b51f89907fd93c4bd38e19da94bbaf42386c30f4b43507956de4010b18464c945c23f82686cb8bc8b19e8d77cb1b3717c9960972c350ee20864d00190e3fb34143e5be45ffde256db2e6e354f0c90ce769ed4f263262546fe507c66bfa8f1a45450d4f28cbd3876fd8384d206680a59652cde02335aab015d39535c2477f99b5a0c828acfe272c783ca29ea144e084af9f71b9f3cfcba6c3aa39d788661ae3dc87390052d63d6064ec8a738b468c959d0984f82b6727675eb6576d8665156198153e4af4655845a4f6932a5bfa0ac2efa814af2ffef29b96acd196465fc0571d116e0c03782a362f6f8aa35c19599ffad144be42583a32e37562e03f08871c8f01d4acb532ba4478123a25ab67960c5792d8b18321250fb8ddab3cb11ca86c421262e1ab6af62a04858976bbdc2751a604284eec62ddd67759014ebc5699bcb863355ef9268931f472795f8c797794e02b5ce43e1b545ab465ca7ac98a0fb62624ffc32b2d98285eaf78b0284ba3266e8c240d522562ea0f948fae446ccf1a75c3785694fea85acb1257c4963acb92c0efa1a6d74d4cbe76e98acddcaa4032930ce620c0cd90662140b3a4afbc83248172f68856693614785e35f40dcd8949889250b4b6f6aad88398d51dd76b4764099a4c689b53b3a075a306b46cc1fed9910363b0bbc2cd9ae1aad6e35de8a0b7e06b7a400788eb8b2ea4e8613cac083aeeaf1f6bdb9119ffd63678038df8a1ccf270287243f57464663d5763eb04c0961b56080080686179277d08b00c6faa562f426813a4abd16f40ccd7c625b13866b7d663ed2ac25a9966ba2edccba36e241ae7b3472c5edc150fa43c968af999a6a938ce81c51a9f64c0095c68b61e1db1a15be9025c139bff1cc444d65a20d3d450278832a8004bfd561a7355218d4955a9f585329d9f036b3044efb75fbd477e66019c50b1f02cf7cd49a192477cf346b6819eba9cc59de8fd2395cd1abe3589b05f1dbaa737b80f874787fe077586f75b16aa8afa122598d0a3ca53e265108e8093f14f034d70b211ec7bf9ed1616b5da28adf1c0e34987c7c04e2a6ee3e5a13d8b8ae0c0ade1e1fdab50fe79b74cd51e925d739d78768998b845ead12c2a2c1c11f0a1957dc40324ba506c954a8f95a1e775f57c4ad312a4b01c2c1553e9362b7be629e8522a006a519fa97d0172f983cf773aa90aa0a9124e3ab843b0d2a1626f47386128f816a633bdabc8c67f55e80dd777d18a86781e71179f05b2b44285bffaf6ae682b33f2e60da2dc79267d30634a10e2587bdc243949145e90a2f08d1c759c13590b4546affe51a610f1de1b18bd9c88f4fcb0414e53f9ae5224570183ca003a746376dc2e668ebe233ee2652ad4828a8daae7bc9b5958218ddd8800e6ad3511792694401f1fd5f21e8eeebea420ebc7e2032ccb707e149a400652047554782dd4ead2dc942582f096e9f15141c43b2976359c5f084d35deb714d8ed1b123b8ce962b6109c072b0d422c3435af17830618a4f7fc007f0053bbf45c13095a36345e6ec796577b139e1201f62354a76a1ea1df5a9b89551c3773bc90d12932e59e8f24944fbb2756ae3a51fadd5a5d21760358af6011db46b08d62dcb595e034a2e92211233648314bec448b87e8558e3b15ea1549e51906cc112fa8e48851b7345c39080f7ea6e44ebfa53fa2aa1699c2c203db2851d2626d70553699baaaa3d93c7f454f6bb5f14b2f613e7060135ea8ced653c2c9d3d47309dc702597da5594352b4ad0e2e7636a17b0f9793dcc145450a39f0caed1a2f1a652a39699f68a36134282d663bc530896804cd6caae3203de5ade202da665191b9679b4633705a6fbe4801235ab874062d977576571b5ee5d2ae8a01d818db13bc0060bdbb5029608add5003e9dcc3f2e81b17b835174953f051ddb1cfa0bb6951d416d72e2a7a429cfd14a2e7e8fef958548f21fa3f276b6492616d75cf29a8402b1dc09e54e8619aabe96e394ad7a4fcf83ec05cc8d6a5b3a963340fba3716d604245a60db459ca00a45dcea7a60c6c23fe5cffaf1c4c2a7150840da07af8042c08f3b7b1bd3012aceb4a9472f6a435785e198c7a563dd0e9f52a86a2566fa9ac8c83a5717b7461942fa2b8fa6673c784b032ab643a1bbcd0caf0297fb7f974acc3b48d3f95df13078c32139c6bbdec5f4562800afdcfce87f18c8d075c0c25bc986b3c611db7e68bb93789216c589b0887a595314909f619349c0348a1bbee9c06a7a2215a6a44427a42b0b58b26a411d0e3b5785c2f025b40bf2b670e51153c9b297d51ac37554d4eb92c673e8f1afaff06c19b32d3716bce404d543baedb34ccf38349e0f22a6c1f82f086f5572fc0d6e59b49de7550d35c243e5bc371281d73dc8d872bc6dcc1ff9d67fb2c6fdd387106b0795ce4cefa79e2beaaec23889d1fd8303f3bc8fc77b6e4f4cd70ef48db64ae13a2ad3b4daf74f50c90308424ce62eb7c850805048c7d5157e19d5372f17a0a07538683405dce3763ecf9e7ebc9a7f166a9513cb42d91a4be241e0a2cbf3385428dcf2bde40ad1a1b8d32de41dcdba831102eaa5ed7d37c3260b2668afb4f568558acdbf835a88c4ac26ab286a6d2465c9b93e47cc5f1723195a811800d622dae42351d94784ff8ead7b99ea74982a400817201665564afaae67a3b82e21525d90eb3bd7a53ff2b131dfe2e544519a026c8d287bd3eba9081d5a8c9d048627f9f7b5204e051e6cef488c69cc48faceb61a7edfa699c41ea12a153f5fa189450ccb945c99862d051126aa902a24b444a6cbe68849cf7414ee87d953ed4eb322cf314418bc5f2f9b4ca48028ab06b6dd8008bbba42eed56223cee67941f63157ce45609034c2b68a23896ce829dbaa22a27edc3a2718bd70e56744317b6913a8a97b3299faeb8da164d6efe5a77788d37a30b393abc2681fcab0afe586c1e4f9ec822845c2dc8b807cb37fc7aad09f35af1166e05a37ef98f190a59bd72b83ecf512f990e224b563764a99b5c174984038ea2b65a426e3ec6819410c38950c6134c3b4fcfc393494529cb73a7b31047f238598cd925764f3aa443a3b0803d3bb3c8834f5836fe3321ce22dee91363ef205581c47a3e6b4540f895cc2f3bb0038b9245e1a7590302663de17874490cb088c6ab1b877bf8788a95d005a82c3ae5b21a54ed1cab878e5ffab0add27324e0042c752c915c29b967ead1a2e76d0ac9fd3598c8d47efa2f819975067480016500923bd59977ccbe11ce9c01c8cc1dba1bbd8cb7302485bcb7f5ca48418304be0877cb6f56fce9aaa399cc66704482b93bfe086423fb0508fae6b2be54bd3388d68c094a3510767c865c523c4600ced65a3d7022400ac55fd38d59e782b897b162a508347499a1f1be674e0b1d626059fea32a51315b1f6b751543b413e0a5bc2d2f5e73c42498b891b2726b4b01adbceca0832b9298badc9e4c0052c59a9a89cc99f2101076faa739119941df617ed0c344facb386ecb2d2b67d552e76a25b75e56834371ee61db07164fb93e6731598dcddbf7dea605f60e3260886065389c34dc7f869e235c9ea01b67967498a6a724083e56a4221c58ebb62fe5ed88d52bdb16349c5f63862b2d16ab3ab3c4536c88dc3104cdf792d537ba99e0f4a2989132353fad8dd9ea235947e3be456ec81b1ae69a25a148347d88f4789698ab4ea43feb3dc18fa26c2516965d646011d915434ef4d8bd6e26ded61a89cdee4ca9faa946d629b9d23828efa1b293ba1818da88cf95ffc9f1abf7f346339645ac0536dd83efbab7a01ca5bdf968f804f6e6df14410a72de65f10054f6bdc369177ad772c5a4fa5e6280cbc378e3d34ffac1c4e800d3f2a8298206fdbca5cc3a1b8d87318535a1cff170b0810f65620eb9af814d74d81fcb54afc1be882307aa6863266cd6a6efde70043beb0646765820073eb1a45005b8e51496eff585f37a2c41bfe2124e3213bbcae935d6534218ec7f41f4a782320a116406b3f0072a1af93b00dc073046b1ed5151476c0ecaf85c077fc2609b91e440295759871bbe3880243b7eb8bfb9ed156d69602a6ed2478c834b5ee131d2be00f2817e28b12950beae4d221e80e6000b62d54d645bea43cc8d30dc29033cffe35aec49e11e2bd13dad04501a20f71f5c8b95baf454e8d10b04af23f0d39f35d6ef37efded2ab8239bf9d0aa136d4d918738ee38c0a90786d81cad7cca5a32d7b171568f044a870253b48719aba0de8a5d93ab62193a82c4cc08b2c42358237e88314c0baca38e0d4dd2c18e53878a86213b990e00429aba39eb96608f392cb6757ec9c00a3d447a396351af1a7861f071e1f64fa4799b59d9254b930e3bacbf0784e71e4751597cb1a78c93f3609442bb52e7bf70061a21c00381cf6a0dbe0beafde845f482284f8533567b1f8e9f749132ed2463db2191d4270ad9acb122ac882ea3a3a2809052247a86c5db90af526f6f631c377a2ec93c1d5fbfd29921095a2254c1c072cc5717f4486cd15a55107b708f5756c4655cd11ad59831d10b97f97219506d209410260d233148c21207585601cfd1021ee62177c1b04d7d16523ab450003ed22c50f14cf0fe69c7fbf29d38d1b0dd88a514099391b3875061ef902c4ecb36cfc8c1ac825c44a693c9b3fcc1b77d0ecf62e0b8048a67a933cc25f5964892385c9484eb8f580e9d12eb3410241d5af7794b703d1cfd4034cc27e3684b7c2521e116b04c88f8c9fb0418098a92188012e72348b5fc06569167087ee200a73fcd31d1c3298022ae743c649c2102cf4e452c170737cabc4eccbfb5e929737d88325d7f90a334d3d6b2323813efde7ad2f4b9dcd39faae8fefabc0b01810a8286565cfe6b69892cf4ea4d6c1342d202a15c658a8114513a5abb9109c01b73fab28b9b5b2b1a403696f31fc2b67c5426545ec7bd8f90681f0857492728b9f44058f03564934bc06f19c6fddb0a01681328b493b33a4067c262b0e8c6f39b71f623ae09c0dff358879bccbf5a3e962d05d3a64bb32f3f3481fceaa352fa8fd42824d737177a2a254ea62360805156d812fb872eec979781dcdb22eee363b4f02661b93f26fbf757388b93fe9de96228037a4df54cac2abf8db5518e3f326c3971e322fef34daab5fffc442141ce256114dc55c96c709ba47140ec8f19947cb5116f311f09e12426d5d86c1d39b6aeafaccfbbafd151e57407edd95ac5a97ed03157635c851d4c6bd1fd1b0023bbbfdd37363cf81ff78e2cb253207cecd31f176c3b5756674107ae5bd8882788b31ba3a91650f8652abd6fab8b44522344c27d5d1de66fa3c783ed9a44332a71d4929bb47ea7b0ee06d5073c3dd2b29063da3d2d1b4861a9bb08effbb5d6fb73347dfd23ff24f40e2cbef8654aa52f7ab895fc1394639a6bde5491511f7c80f908ed9101c0b34c5d15137a849535cf950fd740f5c5eb5d6541f5df32a05d2040208b986b60cad28a432325888a0ea6426d43fe00acc5cbaa2af3a30d4f1438df62a276e6d13975ef2741b4fead675bffdf3fd7482ff21e2bf65650fd103e45ade63f0ad87022ec41c9e1dd11868982f26cd5284c918c2f9f642f6e9bbe3b6c57ab9ad780f3a76f70dd41194a72889553ac0c82b178dccd29be3ead8fb95f6036950435276c882c580a73ccda2e74e21b15c2f2f30f5cfc07f2334dabd0fb6e533b54e64f4e8f38be80093fa77e6317ac19e45c8c539cd15c145c83045f383f7786c19caf9f81c6fb20e6034e81fbea9fd906d28b3cea9b6e44ebad2af07bc5068f9856baaa707f0eceb2f104ddddb2b9b5a6e63366e48ce76ae19103959b06492668dc1ceb49b6095d1eb4f7514589e2195122a075ab3b02f5bd9a9c086536423b8f1c5726d32c50e3db69c9ad1596b39ad901760e07add90cd45bd29f88feed3c86bff28568fdb0d875ca40bdd9c927f99404160ce390ccfa061db667e4db3b9c8a26be9bbeb2f4f05e432f8d49e9eeb780434e99495853efb7188cffbe311357fe968f303db059d6f2695c8653eec33f1d9651aa6c72d47295cbe15c84460f1ba8425d50744bc6c61111fe4ee679533186b2f189e1158ee3960642a74a185e83f1878f0536c0a88b23c11a30911333e104580f89f4ab0273875740d2d025252221a9d6d79705bebd0f86598408fb390f1a8b5f0ba375b8dc15c5c2deb2683c16abb77a7faa44e8ecf7ff028e9f9d66399e924676738d4d0396183c54410f8236fc0481ab070fe7643329d5976fa6dab6b03f25a7473c842851ef9bf7138d437df7610034da51d28864720df6506b015baee88255d027a6652074e096005e0e45b780411f48bd72c274bea88f48857d2ed95a98c1dae2acc623f91e95e874f7b3b30b4b201bbc78ee67757d1ec0108ce891efd775bb7d4a41d1d771c532b131805a5a8aadd2827c903f8e059cf82534ef2ed0dfd21eb0238497343dcc9557e06c9b7682354283debf799a4ae8bece3c7da969ac9c9427cf95719d22e5e441a7026c605962ae040b94377816ded16002dd6e77640ecb9c221b584565338b604e74c34b45b49f8b85ff807ce015c19bf44e2e0e5f5a8d6c457e3946523b95a45c5bf34c300158798a5caa6b2d9e83d82806e37f0a7c1a49818840bfd0547bbf38acac200257ac4ad96d558a948c5c2d96970d3eeaa861907394bd441f241bebe5c87dd669941643fe61266a476217934d6ed7f0eca347050fad0e478e7818efe4651127a50710c9587e68d47bf130d59e2753afa35f64e6c779602a231945a3c46985fedfcd99dd0506fd045840ac74462fb7060a094bb211290dd86befc23b7e239c331fba06b368b031298e1cddb33ebaca6deef52fa34cfed3baafec0819ec9b4050668f042b4dc560b8bce32e1f9cc56bad3753df4360afa777bfaaec045b69ac70df7ac4a52da8438c1f4e60f90d5380337086ae9fc894cc538e6ab2ef2b723d001ac136fc9b39f33c23806dad07d20782da08062be2e74f00d3b61d0709f1f79095418cef6f038e74bdaaee154d08e5fe3d55b84361a9a26e547fc50c00842e9540cefcceed04f574112aaedcd5f68883d5b500e7e08bbc7828df4585923ab9149f95e90a343320053430377c4b887aa88e6a83a385cb72dbcbe54ea2849678eddc4fbcd9b2f6422ba0158d8cb2ecf4a0fb7b0f5eea1c597826b6d0cc938a96c15851c161e145bf25b30aaa23c09d442fabc55bd95da32a785557fcd16577cf1318142fadee5ace23556117a60211673252cca9dc3d5f56550ef662307c85af87c8b0cfb0f61438ea6bec255a56fc197792667b85008efc7b78d29be2ec786674a3e47d96151f74a19e0cb06da12611c90e23e01ebc7d3ec1669d4bf4de1d5524ba457d37474138527760f16e0d3056e42944fe1bd6923cb58fa0f8c4fad6e118acf9dae877ca8e9d370bb4126d7ee398b0c2f161dcfc0e9a8f3bdd86c92a0d4dca5b2f930e8e6a8be1c386ba63040a350148c067f492bc36e5c1cc451ab14f6fa9dd333eee24006774c02af2673e8cc6a0c5e4535f958809b39072ae18a32ef82011d0621bf16fad85c52c676dc012a827ab38dfb2692b08bf408846a525c734b419bbe5b198befd30d2444220104acbfb1d678901555058ef4808bd7d372bfd483433c9ca2b6e13ae82f1e991451b357448bf88dcc3aace4970295d5a14425eb0694e34df948ca3dbbd13a65b544c87f910d867ee3b3d4b0cdef0b8160643541262f21eeee685334c4543dbbf41f1359ded9358470400d10e010d6306df857f40da047603fc3286d383ced8dc6912889069466a8f3b2e2846d1eb988e9f2b6e7992a3a4d5053912586510a1f4351550158dca72ec212656893a42d2055a4deb39d34b62797ca414f962a5694e00e824a3a2a9ea2d5da17f8dcf410a7703340ca2337f3501c30d36457ea58927bf0bebafac867f4254650c6b1fc1dedec3b2a2ae6fd7d127098708d49306d0d04cfeda952ef9fc0be5bf72ca08677b03bd79dea50fc6b111510cae0b865f125022ba8c086e17b16dd81a96bec116cf6463a33360613902492eb9e01d8c7c1dcd0ae52fd79790292a91b6b2bd27b89fb9fa9c31f131a60596db42509be1bae629139489b8c5ad5c9e363f2134790c8202fedd70552ebec67adddfd29f13c86c1c3a6ab99e5438570382b13ed747f56cd5c02e9f5a34912abb62917ab601f888ba646a2463dc237a3a09b3b1ed6842a597a88e4901606e31e9f01b47996dd813fb2381703c234845a73017637b39c6398d57ad53cdfd9807fa2128fef12d250bf348873e297488b0af0602ba7c57e4b803f06865d2fc554abd259155479ae6386a6cb45108e667b7eb2121dea6f587afdd25fe86d4971f923a95abfe0282d3795e4121f5c73144c634c96c457e333b3228b57039fa048cb8d23e83d5834440690c0b4cde28b9f38360f72156d09bce12a11d701eb2fb46553327a4c581651f090c7e359d9597db25e6c59f05f0ef1192bc9a17fed9f5d96451cb412f3c3fd61fb05a61c97fc38a34c3a89bddd763192dcfd975f4e2f893e7b9173bd5c3e39b924fbcc45cef572f97bf85fbe9cbc24fbec22ede965ecd5ef3d7e1f9afd87207d12b8222a25408558e30e096a68d021c6b843821662c71d22e8103b2ea14185042dc48e3b54d021410db1e30e117448d042ecb843041d62c72534a890a085d871870a3ac48c6b68d021820e31e3161a7488a043ecb884061562c62d34e850418798710d0d3a44d02166dc42830e31c61d1a94d0a042ccb885061d628d3b24a8a1418718e30e095a68d021c6b8438312a0ff948be57dbe4eba72d5c5a92eb6ef9f27a43b5f9513fb0743c4c4881d262052eee30f67af164ec339d5f3d271a332f407');
INSERT INTO chunk VALUES(2,-1,3,50000,281,2,3362738583,X'28b52ffd602600ed0000b09902009a020606030000040300010201a08d0600970201001a56dd12');
INSERT INTO chunk VALUES(2,0,7,158105,70,2,1332910571,X'28b52ffd20873904004600047f0e030043b2a613fc9005a104c40109259a01155a8d02c602558d03d402c8018502da09d914be0d1dcb042ac077c9e701dc706098014243f101d801068d018c049506bc04a203e309e806f3039051e19a01904bcd01c404cc16a533c81ce904cc0322b303a60a9f0d9a0442f403d7057bca02ce019201f704ec020b1f8a16cb2b86162e');
INSERT INTO chunk VALUES(3,-1,5,50000,457,2,2243478608,X'28b52ffd60d800cd01001402c90300cc03060a0700051211060508070000060000060508070000a08d0600c70308009b4b620b0e33370199b6ddd4002b982963214e09');
INSERT INTO chunk VALUES(3,0,14,421600,225,2,360223851,X'28b52ffd602f01ad0e00a6dd7148d0545507984f9abf68032710316e98f79b014ab1b40e8f4932cc642a5eb1650b37fa98340bfb1d213d4024700017bd1219beb5b2dc55a7c48c62dbfb8283b665f6fbef24654a29c95b0061006000bc26b68c0a4b38a890610ea38f78a7fc20c0c3f6300ae6f10ce758f1b0eaea8c2dc14274e8379b63b5ce025a6b20bf388f0f7bc9de0ab05687831cb8867994c704c422039340c66ee7f2ce75a6de939be7f2cfd2abb40a0dbb4601b00e0d327810eb73688c6a02f5625889f630ad5b1c1771f25187ac0dcffc858252560601782159b0cd271981aacbff94342921e3fc46132b6c0e06c7d19faff01a071949d7da6781fd6385679c07e55dd85dcbf6f6d6323ea162235d645c0a4207272e94160af748de7aa281d78a6dc4f9ef6dfff3dc49d5403e465344a0808087d886836d5958956ca9269e7397841dfa1128101fa4fa4c46df7bb0453e698c5521b4c7faf0ad8f96c43261179c5bdf842e3a8ceca2d6358d75716f7fd665956c0ce6d2b90326ab984eaed3eb1ceb247fa6d4b9a1656eccf7a8c85421da4512b510d5e145ae492dced3bcaf8bdab43b412a6d29c0d3ac6b349103018eb0b4286b7fc33472c7c73ce96b95e883e44edb7cb6323bc6ac8c1078a1d04ac00300ba29315b824347dd17');
INSERT INTO chunk VALUES(3,1,16,421600,225,2,946175232,X'28b52ffd604a01250f00965f7648c0945507d8b198a9964bb1e0e52665502c2e9dac8383635d76c3c90a885746914c50694203208d0901c1824102d22024bf9dcd9fd59f634cf988e53492cbff73e4fb3f4999524a2961006700690044fa897b2e071d6ca7bec9a4940d99c43577d14aac337610c06179d8040759866fc0b869fe668c1dc144b2c96dd617eb1c0552d74376f11d6fea24cb53896d0e0f69601a0eca1d15d04acccb0118c0d5e5d57596decacdbafcfa634aa3c8b08b1447fd6b193b63e1fe6ccb22d9da8605185c28f638f2c524d1a2712d95fb97feed8d8358f19841b68671de02c1781b8500b8882ab8e68fa08066cbff8c33ae24ee798d76a2b03817bc27833c85eb78888db4ae7b76d83d5058c675c8a08505b2ac70797de3122f0eba69f443a24eef1cb7318b82811149a199e45243d6cc44d6eafd92cbde89000d6587ea79d0ef3ec87dab57fb789b3cf16082012e621a0c56560196dab996b8cf6710b6e843b43cfc8fe9a3427a61831df24c28db0422776c0ff35a6945ac1266c1bef591d04f5e133baefcd29ecaa3eea82bf5a5f6d495ca527daa4b75a9732a4aaa389535f564aaca6b82a9115874619e67c0edf5a167a25113491cfec434aebdf999f7e9a35601594be3ee64b8c2f58c16522040919515a3ee6d3827e6789b337d02002dc1a1a3ee0b');
INSERT INTO chunk VALUES(3,2,20,421600,23,2,1733026565,X'28b52ffd204d3d0200e4031701062d284001001202c0bb3388dd46029e04b1051f9805fd026dd217e718ec01c403cc02dd089010c717980a8231af2a89079603bb029c0100030204020200a0601e0014');
INSERT INTO chunk VALUES(3,3,18,421600,225,2,4191078096,X'28b52ffd60c201d50f00065d7048d0545507980b9a1df3084e2062dc30ef37039462691d1e936498c954bc62cb166ef4316916f63b427a000ee00247be30501a6d603d6d874851b7d5d0141292b4c9ebdbb4654a29ed59005d005f003d9bc3528e39e498c7e821be294110f8b0399c827bfcc23a584c2477248d35c13e93e833ab6bb58d8369eb20af388e137bc9e20eb4d686851d38867b13c7c483e2c2c260066fc7e51dd7797a8fdc3c2eff3855087a05075ea1adaf9932c8132818c74ab567e9ddd2f888fa8324b2324c73180dca59d9036085b660994f42e221557ea784490d39e738ba78616b34786e029d85db58c848dad63a1b6c2027fce23d662fc3f252d6b7b89e318a151bf511e75212bad7c5ae2f26809ddc483907feed81aeabab0ef2b2a962828505fcc33720ac0b03ab744b35719dbf28eccf9340857821e4cf24f4be086be48b483272c8f4b13a8ceba12db14cf805ebf657a18f3c463ba8775d635fecdb9d5559251bf3f06083f704f5546b80d3a9d65a69a5b4524a4a19b7e5730acc5622fa4581da67eef0238e492dcdc3fcaf83dac43b11953701c14a6b1b5d44c18023282e4adbcf708df2789917bd8d047a21bde99bd3d665492d2c23033055ad143cbd542e54ee893c19003b0210a066010800174001b081a5000a1db86c735b6e47cc7d60440a01cb855d414a001482dc418abd6086d8ddcd16ebd051f705');
CREATE TABLE exercise_set(
  session_key INTEGER NOT NULL REFERENCES session(key),
  event       INTEGER NOT NULL,
  set_no      INTEGER NOT NULL,
  side        TEXT NOT NULL,
  start_us    INTEGER NOT NULL,
  end_us      INTEGER NOT NULL,
  reps        INTEGER NOT NULL,
  ended       TEXT NOT NULL, crc32c INTEGER,
  UNIQUE(session_key, event)) STRICT;
INSERT INTO exercise_set VALUES(1,10,1,'left',8512226,24831589,3,'',3786397022);
INSERT INTO exercise_set VALUES(1,16,1,'right',27831589,48187448,3,'',4138150363);
INSERT INTO exercise_set VALUES(2,10,1,'',3005458,7005458,0,'',1475737730);
INSERT INTO exercise_set VALUES(2,14,2,'',10005458,14005458,0,'',1440354985);
CREATE TABLE rep(
  session_key INTEGER NOT NULL REFERENCES session(key),
  event       INTEGER NOT NULL,
  set_no      INTEGER NOT NULL,
  n           INTEGER NOT NULL,
  side        TEXT NOT NULL,
  counted     INTEGER NOT NULL,
  reason      TEXT NOT NULL,
  t_us        INTEGER NOT NULL,
  figures     TEXT NOT NULL, crc32c INTEGER,
  UNIQUE(session_key, event)) STRICT;
INSERT INTO rep VALUES(1,11,1,1,'left',1,'',12575276,'{"peak_n":59.57214224960706,"mean_n":43.59159919456269,"hold_s":2.131634,"rise_s":0.374137,"down_s":0.77085,"rep_s":3.2653,"impulse_ns":142.83511096645097,"start_s":0.79775,"tare_n":-0.012142249607061525,"rfd_n_per_s":89.02513074647908}',210936389);
INSERT INTO rep VALUES(1,12,1,2,'left',1,'',18709163,'{"peak_n":63.52214224960706,"mean_n":47.27601475111105,"hold_s":2.415094,"rise_s":0.362697,"down_s":0.703027,"rep_s":3.469431,"impulse_ns":164.55806848957883,"start_s":6.727506,"tare_n":-0.012142249607061525,"rfd_n_per_s":103.86629788736539}',1752581476);
INSERT INTO rep VALUES(1,13,1,3,'left',1,'',24831589,'{"peak_n":62.81214224960706,"mean_n":46.058101051975356,"hold_s":2.517007,"rise_s":0.396757,"down_s":0.804957,"rep_s":3.707451,"impulse_ns":171.28114254069226,"start_s":12.611912,"tare_n":-0.012142249607061525,"rfd_n_per_s":94.17766223573841}',1212850211);
INSERT INTO rep VALUES(1,18,1,0,'right',0,'not released',30670661,'{"peak_n":57.49756159866372,"mean_n":46.35502255329304,"hold_s":2.142781,"rise_s":0.0,"down_s":0.680387,"rep_s":2.811793,"impulse_ns":130.3407279301915,"start_s":0.027279,"tare_n":5.012438401336273,"rfd_n_per_s":41.19222055491801}',3889142289);
INSERT INTO rep VALUES(1,19,1,1,'right',1,'',36294121,'{"peak_n":56.63756159866372,"mean_n":42.47963298670778,"hold_s":1.802605,"rise_s":0.305997,"down_s":0.668977,"rep_s":2.766257,"impulse_ns":117.99414728039066,"start_s":5.696275,"tare_n":5.012438401336273,"rfd_n_per_s":105.28169703136919}',1819813812);
INSERT INTO rep VALUES(1,20,1,2,'right',1,'',42087921,'{"peak_n":51.17756159866372,"mean_n":38.20411446710379,"hold_s":1.746254,"rise_s":0.408197,"down_s":0.759486,"rep_s":2.902563,"impulse_ns":111.32633110776683,"start_s":11.353769,"tare_n":5.012438401336273,"rfd_n_per_s":83.01842460791408}',391314427);
INSERT INTO rep VALUES(1,21,1,3,'right',1,'',48187448,'{"peak_n":57.43756159866373,"mean_n":42.812917461195276,"hold_s":2.074804,"rise_s":0.419387,"down_s":0.657372,"rep_s":3.140395,"impulse_ns":134.93865232546196,"start_s":17.215464,"tare_n":5.012438401336273,"rfd_n_per_s":86.13441270213724}',1536191035);
CREATE TABLE calibration(
  session_key INTEGER NOT NULL REFERENCES session(key),
  event       INTEGER NOT NULL,
  t_us        INTEGER NOT NULL,
  fields      TEXT NOT NULL, crc32c INTEGER,
  UNIQUE(session_key, event)) STRICT;
INSERT INTO calibration VALUES(1,5,7139,'[["channel","force"],["id",""],["serial","A50285BI"],["calibrated",""],["slope",1.0],["offset",0.0]]',75218089);
INSERT INTO calibration VALUES(2,7,15483,'[["channel","force"],["id",""],["serial","0000000000001"],["calibrated",""],["slope",1.0],["offset",0.0]]',3056806691);
INSERT INTO calibration VALUES(3,11,11789,'[["channel","cadence"],["id",""],["serial","430228525"],["calibrated",""],["slope",1.0],["offset",0.0]]',332949474);
INSERT INTO calibration VALUES(3,12,11793,'[["channel","power"],["id",""],["serial","430228525"],["calibrated",""],["slope",1.0],["offset",0.0]]',509861577);
INSERT INTO calibration VALUES(3,13,11794,'[["channel","heart_rate"],["id",""],["serial","430228525"],["calibrated",""],["slope",1.0],["offset",0.0]]',859272051);
INSERT INTO calibration VALUES(3,14,11795,'[["channel","distance"],["id",""],["serial","430228525"],["calibrated",""],["slope",1.0],["offset",0.0]]',2436070425);
CREATE TABLE second_row(
  session_key INTEGER NOT NULL REFERENCES session(key),
  channel     INTEGER NOT NULL,
  second      INTEGER NOT NULL,
  n           INTEGER NOT NULL,
  mean        REAL,
  min         REAL,
  max         REAL, crc32c INTEGER,
  UNIQUE(session_key, channel, second)) STRICT;
INSERT INTO second_row VALUES(1,0,5,90,0.016333333333333335118,-0.28000000000000002664,0.29999999999999998889,1170347854);
INSERT INTO second_row VALUES(1,0,6,88,-0.0087499999999999973632,-0.25,0.26000000000000000888,1125547522);
INSERT INTO second_row VALUES(1,0,7,88,-0.012272727272727278896,-0.33000000000000001554,0.23000000000000000999,3525890249);
INSERT INTO second_row VALUES(1,0,8,88,0.00034090909090909104432,-0.25,0.33000000000000001554,365605058);
INSERT INTO second_row VALUES(1,0,9,88,26.228522727272721936,-0.020000000000000000416,56.939999999999997724,2537393499);
INSERT INTO second_row VALUES(1,0,10,89,58.237191011235964312,56.909999999999996587,59.560000000000002272,4234710474);
INSERT INTO second_row VALUES(1,0,11,88,47.957840909090897695,30.80999999999999872,58.84000000000000341,3170588425);
INSERT INTO second_row VALUES(1,0,12,88,13.734545454545452614,4.8099999999999996092,31.35000000000000142,1050182364);
INSERT INTO second_row VALUES(1,0,13,88,4.9934090909090906862,4.6900000000000003907,5.3399999999999998578,109779835);
INSERT INTO second_row VALUES(1,0,14,88,4.9968181818181802711,4.7000000000000001776,5.25,1469957526);
INSERT INTO second_row VALUES(1,0,15,89,32.101910112359540506,4.7800000000000002486,62.86999999999999744,1256423435);
INSERT INTO second_row VALUES(1,0,16,88,62.035113636363661271,60.560000000000002275,63.509999999999998008,3998086257);
INSERT INTO second_row VALUES(1,0,17,88,55.37204545454542881,39.670000000000001706,63.020000000000003124,3003432481);
INSERT INTO second_row VALUES(1,0,18,88,18.423068181818191391,5.1500000000000003552,39.079999999999998293,2260477810);
INSERT INTO second_row VALUES(1,0,19,88,4.9907954545454549233,4.7099999999999999644,5.2599999999999997868,1581850857);
INSERT INTO second_row VALUES(1,0,20,89,5.0203370786516847701,4.7000000000000001776,5.9199999999999999289,3017202285);
INSERT INTO second_row VALUES(1,0,21,88,37.066363636363632849,6.0099999999999997868,62.64999999999999858,447486525);
INSERT INTO second_row VALUES(1,0,22,88,61.194659090909112818,59.320000000000000285,62.799999999999997156,2777553504);
INSERT INTO second_row VALUES(1,0,23,88,54.212159090909089798,40.649999999999998578,61.070000000000000282,105606723);
INSERT INTO second_row VALUES(1,0,24,88,21.331590909090913043,6.6900000000000003907,40.10000000000000142,1962916400);
INSERT INTO second_row VALUES(1,0,25,89,5.1267415730337075885,4.7599999999999997868,6.6299999999999998934,3010620648);
INSERT INTO second_row VALUES(1,0,26,88,5.0021590909090924981,4.75,5.25,382842041);
INSERT INTO second_row VALUES(1,0,27,88,30.122386363636348249,4.8499999999999996447,60.15999999999999659,316414185);
INSERT INTO second_row VALUES(1,0,28,88,61.01613636363636317,59.429999999999999714,62.509999999999998009,898849065);
INSERT INTO second_row VALUES(1,0,29,88,56.258409090909111682,44.130000000000002557,62.399999999999998579,2535520177);
INSERT INTO second_row VALUES(1,0,30,89,22.656741573033709613,6.7300000000000004263,43.350000000000001422,2315624542);
INSERT INTO second_row VALUES(1,0,31,88,5.1052272727272756114,4.7099999999999999644,6.6299999999999998934,4073678842);
INSERT INTO second_row VALUES(1,0,32,88,5.0078409090909081768,4.75,5.2999999999999998223,2955676222);
INSERT INTO second_row VALUES(1,0,33,88,21.494431818181819692,4.7099999999999999644,56.549999999999997156,4251560001);
INSERT INTO second_row VALUES(1,0,34,88,60.226704545454545327,56.549999999999997156,61.649999999999998577,2312317611);
INSERT INTO second_row VALUES(1,0,35,89,47.521460674157331993,26.809999999999998721,60.810000000000002272,1109648036);
INSERT INTO second_row VALUES(1,0,36,88,11.067159090909092,4.8600000000000003197,26.260000000000001563,3635617273);
INSERT INTO second_row VALUES(1,0,37,88,5.006704545454545574,4.7999999999999998223,5.2699999999999995736,3224361694);
INSERT INTO second_row VALUES(1,0,38,88,5.1095454545454543904,4.7000000000000001776,7.2699999999999995736,3972581470);
INSERT INTO second_row VALUES(1,0,39,88,35.289431818181824951,7.4699999999999997513,55.390000000000000567,950302860);
INSERT INTO second_row VALUES(1,0,40,89,54.36494382022474525,52.75999999999999801,56.189999999999997726,2486238087);
INSERT INTO second_row VALUES(1,0,41,88,36.463863636363633702,17.660000000000000142,52.320000000000000282,638959997);
INSERT INTO second_row VALUES(1,0,42,88,7.9360227272727250635,4.75,17.609999999999999431,270244933);
INSERT INTO second_row VALUES(1,0,43,88,4.9979545454545437621,4.75,5.2199999999999997513,666595);
INSERT INTO second_row VALUES(1,0,44,88,5.6876136363636353721,4.7000000000000001776,11.960000000000000852,3001981698);
INSERT INTO second_row VALUES(1,0,45,89,43.677078651685384614,12.439999999999999502,62.450000000000002843,1628466321);
INSERT INTO second_row VALUES(1,0,46,88,60.276022727272767554,58.179999999999999714,62.030000000000001135,2018598881);
INSERT INTO second_row VALUES(1,0,47,88,43.66829545454547201,22.249999999999999999,58.95000000000000284,831583069);
INSERT INTO second_row VALUES(1,0,48,21,17.546190476190478335,13.109999999999999431,21.879999999999999004,3498136909);
INSERT INTO second_row VALUES(2,0,0,5,0.0,0.0,0.0,4159864398);
INSERT INTO second_row VALUES(2,0,1,5,0.0,0.0,0.0,2750753544);
INSERT INTO second_row VALUES(2,0,2,5,0.0,0.0,0.0,1610405058);
INSERT INTO second_row VALUES(2,0,3,5,0.0,0.0,0.0,201032068);
INSERT INTO second_row VALUES(2,0,4,5,0.0,0.0,0.0,2718129575);
INSERT INTO second_row VALUES(2,0,5,5,0.0,0.0,0.0,4127459553);
INSERT INTO second_row VALUES(2,0,6,5,0.0,0.0,0.0,168687403);
INSERT INTO second_row VALUES(2,0,7,5,0.0,0.0,0.0,1577755245);
INSERT INTO second_row VALUES(2,0,8,5,0.0,0.0,0.0,1544567196);
INSERT INTO second_row VALUES(2,0,9,5,0.0,0.0,0.0,135752922);
INSERT INTO second_row VALUES(2,0,10,5,0.0,0.0,0.0,534294931);
INSERT INTO second_row VALUES(2,0,11,5,0.0,0.0,0.0,1272964309);
INSERT INTO second_row VALUES(2,0,12,5,0.0,0.0,0.0,3084262175);
INSERT INTO second_row VALUES(2,0,13,5,0.0,0.0,0.0,3822145113);
INSERT INTO second_row VALUES(3,0,0,6,0.0,0.0,0.0,2093999937);
INSERT INTO second_row VALUES(3,0,1,10,0.0,0.0,0.0,424986346);
INSERT INTO second_row VALUES(3,0,2,10,0.0,0.0,0.0,2982658537);
INSERT INTO second_row VALUES(3,0,3,10,0.0,0.0,0.0,3595123944);
INSERT INTO second_row VALUES(3,0,4,10,5.5999999999999996447,0.0,56.0,423824489);
INSERT INTO second_row VALUES(3,0,5,10,59.299999999999997157,56.0,67.0,3376333925);
INSERT INTO second_row VALUES(3,0,6,10,69.0,67.0,72.0,1244856693);
INSERT INTO second_row VALUES(3,0,7,10,74.400000000000005686,72.0,76.0,1359149269);
INSERT INTO second_row VALUES(3,0,8,10,77.599999999999994316,76.0,78.0,1289611707);
INSERT INTO second_row VALUES(3,0,9,10,79.299999999999997157,79.0,80.0,1584146346);
INSERT INTO second_row VALUES(3,0,10,10,80.500000000000000001,80.0,81.0,4278856257);
INSERT INTO second_row VALUES(3,0,11,10,81.0,81.0,81.0,1211203125);
INSERT INTO second_row VALUES(3,0,12,10,81.299999999999997156,81.0,82.0,57916981);
INSERT INTO second_row VALUES(3,0,13,10,82.0,82.0,82.0,72217898);
INSERT INTO second_row VALUES(3,0,14,10,82.0,82.0,82.0,1413057651);
INSERT INTO second_row VALUES(3,0,15,10,81.599999999999994317,81.0,82.0,4231241250);
INSERT INTO second_row VALUES(3,0,16,10,80.299999999999997161,80.0,81.0,2289895449);
INSERT INTO second_row VALUES(3,0,17,10,80.0,80.0,80.0,3657583108);
INSERT INTO second_row VALUES(3,0,18,10,80.0,80.0,80.0,3550233368);
INSERT INTO second_row VALUES(3,0,19,10,80.0,80.0,80.0,2062203062);
INSERT INTO second_row VALUES(3,0,20,10,80.0,80.0,80.0,2581116883);
INSERT INTO second_row VALUES(3,0,21,10,80.0,80.0,80.0,816729213);
INSERT INTO second_row VALUES(3,0,22,9,80.0,80.0,80.0,1854241004);
INSERT INTO second_row VALUES(3,1,0,6,0.0,0.0,0.0,590035742);
INSERT INTO second_row VALUES(3,1,1,10,0.0,0.0,0.0,373146817);
INSERT INTO second_row VALUES(3,1,2,10,0.0,0.0,0.0,3199124418);
INSERT INTO second_row VALUES(3,1,3,10,0.0,0.0,0.0,3642769091);
INSERT INTO second_row VALUES(3,1,4,10,3.7000000000000001776,0.0,37.0,697158024);
INSERT INTO second_row VALUES(3,1,5,10,45.10000000000000142,37.0,64.0,1292936176);
INSERT INTO second_row VALUES(3,1,6,10,70.799999999999997158,64.0,81.0,157987257);
INSERT INTO second_row VALUES(3,1,7,10,87.599999999999994312,81.0,92.0,2754888732);
INSERT INTO second_row VALUES(3,1,8,10,97.599999999999994312,92.0,99.0,1627501277);
INSERT INTO second_row VALUES(3,1,9,10,105.20000000000000284,104.0,108.0,532909104);
INSERT INTO second_row VALUES(3,1,10,10,109.5,108.0,111.0,1551801208);
INSERT INTO second_row VALUES(3,1,11,10,112.79999999999999715,111.0,115.0,3101031128);
INSERT INTO second_row VALUES(3,1,12,10,115.59999999999999431,115.0,117.0,1358073735);
INSERT INTO second_row VALUES(3,1,13,10,117.59999999999999431,117.0,118.0,4218338256);
INSERT INTO second_row VALUES(3,1,14,10,116.90000000000000568,115.0,118.0,3849398171);
INSERT INTO second_row VALUES(3,1,15,10,113.40000000000000568,111.0,115.0,3618875688);
INSERT INTO second_row VALUES(3,1,16,10,110.29999999999999715,110.0,111.0,1152962586);
INSERT INTO second_row VALUES(3,1,17,10,109.79999999999999715,109.0,110.0,4159408323);
INSERT INTO second_row VALUES(3,1,18,10,109.0,109.0,109.0,874909427);
INSERT INTO second_row VALUES(3,1,19,10,109.70000000000000284,109.0,110.0,562918044);
INSERT INTO second_row VALUES(3,1,20,10,108.20000000000000283,108.0,110.0,1708419448);
INSERT INTO second_row VALUES(3,1,21,10,108.0,108.0,108.0,3186304937);
INSERT INTO second_row VALUES(3,1,22,9,108.6666666666666714,108.0,109.0,3703435007);
INSERT INTO second_row VALUES(3,2,0,1,78.0,78.0,78.0,1282590986);
INSERT INTO second_row VALUES(3,2,1,1,78.0,78.0,78.0,1349250353);
INSERT INTO second_row VALUES(3,2,2,1,78.0,78.0,78.0,1950384508);
INSERT INTO second_row VALUES(3,2,3,1,78.0,78.0,78.0,1750705479);
INSERT INTO second_row VALUES(3,2,4,1,78.0,78.0,78.0,1008097766);
INSERT INTO second_row VALUES(3,2,5,1,79.0,79.0,79.0,2173871639);
INSERT INTO second_row VALUES(3,2,6,1,80.0,80.0,80.0,1500689594);
INSERT INTO second_row VALUES(3,2,7,1,81.0,81.0,81.0,777659975);
INSERT INTO second_row VALUES(3,2,8,1,82.0,82.0,82.0,2174873996);
INSERT INTO second_row VALUES(3,2,9,1,83.0,83.0,83.0,2904877621);
INSERT INTO second_row VALUES(3,2,10,1,84.0,84.0,84.0,2479176676);
INSERT INTO second_row VALUES(3,2,11,1,85.0,85.0,85.0,3330426555);
INSERT INTO second_row VALUES(3,2,12,1,87.0,87.0,87.0,302286417);
INSERT INTO second_row VALUES(3,2,13,1,88.0,88.0,88.0,1941514505);
INSERT INTO second_row VALUES(3,2,14,1,89.0,89.0,89.0,1738415036);
INSERT INTO second_row VALUES(3,2,15,1,90.0,90.0,90.0,3062618414);
INSERT INTO second_row VALUES(3,2,16,1,91.0,91.0,91.0,2891571691);
INSERT INTO second_row VALUES(3,2,17,1,92.0,92.0,92.0,1430882420);
INSERT INTO second_row VALUES(3,2,18,1,93.0,93.0,93.0,1801054643);
INSERT INTO second_row VALUES(3,2,19,1,94.0,94.0,94.0,891000380);
INSERT INTO second_row VALUES(3,2,20,1,95.0,95.0,95.0,260054032);
INSERT INTO second_row VALUES(3,2,21,1,96.0,96.0,96.0,4087192030);
INSERT INTO second_row VALUES(3,2,22,1,97.0,97.0,97.0,2617254263);
INSERT INTO second_row VALUES(3,3,0,6,0.0,0.0,0.0,2632090528);
INSERT INTO second_row VALUES(3,3,1,10,0.0,0.0,0.0,149930135);
INSERT INTO second_row VALUES(3,3,2,10,0.0,0.0,0.0,2692532116);
INSERT INTO second_row VALUES(3,3,3,10,0.0,0.0,0.0,3354540693);
INSERT INTO second_row VALUES(3,3,4,10,0.040000000000000000832,0.0,0.4000000000000000222,2325654529);
INSERT INTO second_row VALUES(3,3,5,10,3.3399999999999998578,0.9000000000000000222,5.9000000000000003552,3471343789);
INSERT INTO second_row VALUES(3,3,6,10,9.1400000000000005684,6.4000000000000003552,11.900000000000000355,4166213145);
INSERT INTO second_row VALUES(3,3,7,10,15.429999999999997939,12.599999999999999644,18.30000000000000071,1091452704);
INSERT INTO second_row VALUES(3,3,8,10,21.94999999999999929,19.0,24.899999999999998579,1569304847);
INSERT INTO second_row VALUES(3,3,9,10,28.630000000000002557,25.600000000000001421,31.699999999999999289,2065218491);
INSERT INTO second_row VALUES(3,3,10,10,35.399999999999998579,32.299999999999997157,38.499999999999999999,270714715);
INSERT INTO second_row VALUES(3,3,11,10,42.259999999999998008,39.200000000000002841,45.399999999999998577,1597815592);
INSERT INTO second_row VALUES(3,3,12,10,49.239999999999994884,46.0,52.399999999999998579,2324993638);
INSERT INTO second_row VALUES(3,3,13,10,56.25,53.100000000000001421,59.399999999999998578,130914086);
INSERT INTO second_row VALUES(3,3,14,10,63.189999999999997724,60.10000000000000142,66.299999999999997156,3365337893);
INSERT INTO second_row VALUES(3,3,15,10,70.09000000000000341,67.0,73.200000000000002842,2662982578);
INSERT INTO second_row VALUES(3,3,16,10,76.890000000000000568,73.799999999999997156,79.900000000000005683,2205747486);
INSERT INTO second_row VALUES(3,3,17,10,83.680000000000006824,80.599999999999994313,86.700000000000002845,3743108405);
INSERT INTO second_row VALUES(3,3,18,10,90.469999999999998864,87.400000000000005687,93.500000000000000003,1934507432);
INSERT INTO second_row VALUES(3,3,19,10,97.260000000000005112,94.200000000000002845,100.29999999999999715,3661968505);
INSERT INTO second_row VALUES(3,3,20,10,104.03000000000000113,101.0,107.09999999999999431,1362496491);
INSERT INTO second_row VALUES(3,3,21,10,110.79999999999999715,107.79999999999999715,113.79999999999999715,2849140909);
INSERT INTO second_row VALUES(3,3,22,9,117.22222222222222853,114.49999999999999999,119.90000000000000568,226715998);
CREATE TABLE audit(
  number INTEGER PRIMARY KEY,
  utc_us INTEGER NOT NULL,
  actor  TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash   BLOB NOT NULL) STRICT;
CREATE TABLE device_calibration(
  id              TEXT NOT NULL UNIQUE,
  driver          TEXT NOT NULL,
  serial          TEXT NOT NULL,
  port            TEXT NOT NULL,
  channel         TEXT NOT NULL,
  unit            TEXT NOT NULL,
  made_utc_us     INTEGER NOT NULL,
  zone_offset_min INTEGER NOT NULL,
  who             TEXT NOT NULL,
  points          TEXT NOT NULL,
  slope           REAL NOT NULL,
  offset          REAL NOT NULL,
  residual        REAL NOT NULL,
  rate_hz         REAL NOT NULL,
  crc32c          INTEGER NOT NULL) STRICT;
CREATE TABLE band_check(
  id              TEXT NOT NULL UNIQUE,
  band            TEXT NOT NULL,
  made_utc_us     INTEGER NOT NULL,
  zone_offset_min INTEGER NOT NULL,
  who             TEXT NOT NULL,
  driver          TEXT NOT NULL,
  serial          TEXT NOT NULL,
  calibration     TEXT NOT NULL,
  length1_m       REAL NOT NULL,
  force1_n        REAL NOT NULL,
  length2_m       REAL NOT NULL,
  force2_n        REAL NOT NULL,
  stiffness_n_per_m REAL NOT NULL,
  crc32c          INTEGER NOT NULL) STRICT;
CREATE TABLE tally(
  name TEXT PRIMARY KEY,
  rows INTEGER NOT NULL,
  sum  INTEGER NOT NULL) STRICT;
INSERT INTO tally VALUES('staff',0,0);
INSERT INTO tally VALUES('device_calibration',0,0);
INSERT INTO tally VALUES('band_check',0,0);
INSERT INTO tally VALUES('notice',0,0);
CREATE TABLE notice(
  id              TEXT NOT NULL UNIQUE,
  utc_us          INTEGER NOT NULL,
  zone_offset_min INTEGER NOT NULL,
  kind            TEXT NOT NULL,
  station_id      TEXT NOT NULL,
  session_id      TEXT NOT NULL,
  client_ref      TEXT NOT NULL,
  detail          TEXT NOT NULL,
  acknowledged_utc_us INTEGER NOT NULL,
  acknowledged_by TEXT NOT NULL,
  crc32c          INTEGER NOT NULL) STRICT;
CREATE INDEX session_open ON session(outcome) WHERE outcome = '';
CREATE VIEW second_view AS
  SELECT s.id AS session, c.key AS channel, c.unit, r.second, r.n, r.mean, r.min, r.max
  FROM second_row r JOIN session s ON s.key = r.session_key
  LEFT JOIN session_channel c ON c.session_key = r.session_key AND c.idx = r.channel;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE INDEX device_calibration_of ON device_calibration(driver, serial, channel);
CREATE INDEX band_check_of ON band_check(band);
CREATE TRIGGER staff_added AFTER INSERT ON staff BEGIN
  UPDATE tally SET rows=rows+1, sum=sum+new.crc32c WHERE name='staff';
END;
CREATE TRIGGER staff_changed AFTER UPDATE ON staff BEGIN
  UPDATE tally SET sum=sum-old.crc32c+new.crc32c WHERE name='staff';
END;
CREATE TRIGGER device_calibration_added AFTER INSERT ON device_calibration BEGIN
  UPDATE tally SET rows=rows+1, sum=sum+new.crc32c WHERE name='device_calibration';
END;
CREATE TRIGGER band_check_added AFTER INSERT ON band_check BEGIN
  UPDATE tally SET rows=rows+1, sum=sum+new.crc32c WHERE name='band_check';
END;
CREATE INDEX session_started ON session(started_utc_us, id);
CREATE INDEX session_unpacked ON session(sealed) WHERE sealed=0 AND outcome<>'';
CREATE INDEX notice_open ON notice(utc_us) WHERE acknowledged_utc_us=0;
CREATE INDEX notice_raised ON notice(utc_us);
CREATE TRIGGER notice_added AFTER INSERT ON notice BEGIN
  UPDATE tally SET rows=rows+1, sum=sum+new.crc32c WHERE name='notice';
END;
CREATE TRIGGER notice_changed AFTER UPDATE ON notice BEGIN
  UPDATE tally SET sum=sum-old.crc32c+new.crc32c WHERE name='notice';
END;
COMMIT;
PRAGMA application_id=1348564076;
PRAGMA user_version=4;
